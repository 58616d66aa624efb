/**
 * A body is kept once and to the byte, in the narrowest column that holds it: as JSON where both databases can look
 * into it, else as text, else as bytes.
 */
import { isUtf8 } from "node:buffer";

export interface KeptBody {
  payload: string | null;
  text: string | null;
  bytes: Buffer | null;
}

/** The functions of SQLite go 1,000 deep (`JSON_MAX_DEPTH`), and one row that is deeper fails a query over all. */
const DEEPEST = 500;

const NOTHING: KeptBody = { payload: null, text: null, bytes: null };

/** Keeps a body that nobody has looked into. */
export const keepUnread = (body: Buffer): KeptBody =>
  isText(body) ? { ...NOTHING, text: body.toString() } : { ...NOTHING, bytes: body };

/** Keeps a body, and reads it: `json` is the object or the list that it is, undefined for everything else. */
export function keep(body: Buffer): KeptBody & { json?: object } {
  const unread = keepUnread(body);
  // A number alone would become one in SQLite, and no longer what came.
  if (unread.text === null || !/^\s*[[{]/.test(unread.text)) return unread;
  const json = parsed(unread.text);
  if (json === undefined) return unread;
  const isQueryable = depthOf(unread.text) <= DEEPEST && !hasUnstorable(unread.text, json);
  return { ...(isQueryable ? { ...NOTHING, payload: unread.text } : unread), json };
}

/** The bytes that came; null where they are not kept any more. */
export function bytesOf({ payload, text, bytes }: KeptBody): Buffer | null {
  const words = payload ?? text;
  return words === null ? bytes : Buffer.from(words);
}

/** Postgres takes no NUL in text. */
const isText = (body: Buffer) => isUtf8(body) && !body.includes(0);

function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether Postgres could not look into it: `\u0000`, or half of a surrogate pair. */
const hasUnstorable = (text: string, json: object) =>
  /\\u(0000|d[89a-f])/i.test(text) && /\\u(0000|d[89a-f])/i.test(JSON.stringify(json));

/** How deep lists and objects lie in each other. A loop: what is deep would overflow anything that calls itself. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at);
    else if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return deepest;
}

/** Where the string that begins at `start` ends. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  for (; end > 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end;
  }
  return json.length;
}
