/** Names of files as people give them, made fit to be a file's name wherever it is downloaded. */

/** Bytes that file systems take for a name. */
const LONGEST = 255;
export const LONGEST_TITLE = 200;
/** Characters of an ending that is kept where a name is too long. */
const LONGEST_ENDING = 20;
/** Characters at the end of what was given that are looked at: some of this takes time by their square. */
const LOOKED_AT = 1_000;
const NAMELESS = "document";
const FOLDERS = /^.*[/\\]/s;
/** Control characters, halves of a pair, and what turns the direction of reading: `exe.fdp` could look like `pdf.exe`. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;
/** Names that Windows takes for a device, with any ending. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])(?=\.|$)/i;

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** A name without any directory, that can be seen and kept on every system. Whatever comes, something is left. */
export function cleanFilename(given: string): string {
  const name = given
    .slice(-LOOKED_AT)
    // Browsers write a quotation mark in a form like this.
    .replaceAll("%22", '"')
    .normalize("NFC")
    .replace(FOLDERS, "")
    .replace(UNSEEN, "")
    .replace(/\s+/g, " ")
    // Windows drops what stands at the end.
    .replace(/[. ]+$/, "")
    .trim();
  return shortened((name || NAMELESS).replace(DEVICE, "_$&"));
}

/** What a document is called where nobody has said it: the name of its file without the ending. */
export const titleOf = (filename: string) => shortTitle(filename.replace(/(?<=.)\.[^.]{1,20}$/, ""));

/** As much of a text as a title holds. */
export const shortTitle = (text: string) => [...text].slice(0, LONGEST_TITLE).join("").trim();

function shortened(name: string) {
  if (bytes(name) <= LONGEST) return name;
  const [ending = ""] = name.match(new RegExp(`\\.[^.]{1,${LONGEST_ENDING}}$`, "u")) ?? [];
  let stem = "";
  for (const character of name.slice(0, name.length - ending.length)) {
    if (bytes(stem + character + ending) > LONGEST) break;
    stem += character;
  }
  return stem + ending;
}
