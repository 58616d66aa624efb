import { backToList } from "~/components/place";

const UNITS = ["bytes", "kB", "MB", "GB"];

/** "512 bytes", "1.5 MB": of 1,000, as file managers count. */
export function sizeOf(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  if (unit === 0 && bytes === 1) return "1 byte";
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** Where an action at a URL returns to. */
export const backTo = backToList("/documents", "document");
