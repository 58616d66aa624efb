/** What a file is by its bytes; neither its name nor what the client says of it counts. */
import { isUtf8 } from "node:buffer";
import type { Kind } from "#models/document.server";

const STARTS: [kind: Kind, bytes: string, at?: number][] = [
  ["pdf", "%PDF-"],
  ["picture", "\xff\xd8\xff"],
  ["picture", "\x89PNG\r\n\x1a\n"],
  ["picture", "GIF8"],
  ["picture", "WEBP", 8],
  ["picture", "ftypavi", 4],
];

/** Control characters that no text has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** How a file may be shown, by its beginning; null where it may not. `text` holds only where this is all of it. */
export function kindOf(beginning: Buffer): Kind | null {
  const starts = (text: string, at = 0) =>
    beginning.subarray(at, at + text.length).equals(Buffer.from(text, "latin1"));
  const found = STARTS.find(([, text, at]) => starts(text, at));
  if (found) return found[0];
  return isUtf8(beginning) && !NO_TEXT.test(beginning.toString("latin1")) ? "text" : null;
}
