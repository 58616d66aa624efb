const MEBI = 2 ** 20;

/** "5 MB", "2 GB": of 1,024 as of 1,000, so that whoever counts otherwise is on the safe side. */
export const sizeWords = (bytes: number) =>
  bytes < 1024 * MEBI ? `${Math.round(bytes / MEBI)} MB` : `${Math.round(bytes / MEBI / 1024)} GB`;

/** What to say of a file that is too large, in the browser and on the server. `label` begins the sentence. */
export const tooLarge = (label: string, maxBytes: number) =>
  `${label} must be smaller than ${sizeWords(maxBytes)}`;
