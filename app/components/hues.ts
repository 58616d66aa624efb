/** Hues of styles/tokens.css: of features, and of people without a picture. */
export const HUES = [
  "red",
  "orange",
  "amber",
  "lime",
  "green",
  "cyan",
  "sky",
  "blue",
  "violet",
  "magenta",
] as const;

export type Hue = (typeof HUES)[number];
