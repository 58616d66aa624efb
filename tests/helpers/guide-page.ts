/** A page of docs/guide, as its test reads it. */
import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

interface Row {
  command: string;
  answer: string;
}

export interface GuidePage {
  /** The numbered items under "Try it, step by step": of each, in order, what it quotes, types, opens and runs. */
  steps: Map<number, string[]>;
  /** What is to be set before the rows of "Bad input, and what happens". */
  preparations: string[];
  rows: Row[];
}

/** What a text quotes, has as code, or opens, in order. Where a line of it breaks does not matter. */
export const wordsOf = (text: string) =>
  [...text.matchAll(/`([^`]+)`|<(https?:[^>]+)>|"([^"]+)"/g)].map(([, code, link, quoted]) =>
    (code ?? link ?? quoted!.replaceAll("`", "")).replace(/\s+/g, " "),
  );

/** The ports that the guide speaks of. */
export const PORTS = [3000, 3001, 2525, 6379, 8787];

/** Reads a page. Of what it speaks of, the one on the first port of `PORTS` listens on the first of `ports`, and so on. */
export function readGuide(file: string, ports = PORTS): GuidePage {
  const text = readFileSync(file, "utf8").replace(
    new RegExp(`(?<=[:=]|--port )(?:${PORTS.join("|")})\\b`, "g"),
    (port) => String(ports[PORTS.indexOf(Number(port))]),
  );
  const page: GuidePage = { steps: new Map(), preparations: [], rows: [] };
  let section = "";
  let step: string[] | undefined;
  let cells: string[] = [];
  const tokens = new MarkdownIt().parse(text, {});
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.type;
    if (before === "heading_open" && tokens[index - 1]!.tag === "h2") section = token.content;
    const trying = section.startsWith("Try it");
    const refusing = section.startsWith("Bad input");
    if (trying && token.type === "list_item_open" && token.level === 1) {
      step = [];
      page.steps.set(Number(token.info), step);
    }
    if (token.type === "list_item_close" && token.level === 1) step = undefined;
    if (token.type === "inline") step?.push(...wordsOf(token.content));
    if (token.type === "fence") {
      if (refusing) page.preparations.push(token.content);
      else step?.push(token.content);
    }
    if (token.type === "tr_open") cells = [];
    if (before === "td_open") cells.push(token.content);
    if (refusing && token.type === "tr_close" && cells.length > 0) {
      const [, command = ""] = cells[0]!.match(/^`([^`]+)`$/) ?? [];
      page.rows.push({ command, answer: cells[1] ?? "" });
    }
  }
  for (const [number, words] of page.steps) page.steps.set(number, [...new Set(words)]);
  return page;
}
