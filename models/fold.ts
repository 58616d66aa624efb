/**
 * Text as a search compares it: composed (NFC), and without case for all of Unicode. What is the same in capitals or
 * in small letters becomes the same, also where these are several: `ß`, `ẞ` and `SS` are `ss`.
 */
export const fold = (text: string) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    // The one letter whose small form depends on where it stands.
    .replaceAll("ς", "σ")
    .normalize("NFC");
