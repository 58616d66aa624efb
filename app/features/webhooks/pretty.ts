import { endOfString } from "#models/webhook-body.server";

/** Characters of a body that a page shows; the rest is in the file. */
export const MOST_SHOWN = 200_000;

/** That nothing is between two brackets. */
const CLOSING = /\s*[}\]]/y;

/**
 * JSON with a line for each value, token by token: numbers, escapes and double keys stay as they were sent. It stops
 * after `most` characters.
 */
export function prettyJson(json: string, most = MOST_SHOWN): string {
  let pretty = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < json.length && pretty.length < most; at++) {
    const character = json[at]!;
    if (character === '"') {
      const end = endOfString(json, at);
      pretty += json.slice(at, end + 1);
      at = end;
    } else if (character === "{" || character === "[") {
      CLOSING.lastIndex = at + 1;
      const closing = CLOSING.exec(json)?.[0];
      if (closing) {
        pretty += character + closing.at(-1);
        at += closing.length;
      } else {
        depth += 1;
        pretty += character + newLine();
      }
    } else if (character === "}" || character === "]") {
      depth -= 1;
      pretty += newLine() + character;
    } else if (character === ",") pretty += `,${newLine()}`;
    else if (character === ":") pretty += ": ";
    else if (!/\s/.test(character)) pretty += character;
  }
  return pretty.slice(0, most);
}
