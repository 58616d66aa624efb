/** The links of the documents. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";

/** The README and every page of docs, of the project in a folder. */
const documents = (root = "."): string[] => [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map((name) => join("docs", String(name)))
    .filter((name) => name.endsWith(".md")),
];

/** What a document links to or shows, where that is of this project: paths from its root, without what is behind `#`. */
export function linksOf(document: string, root = "."): string[] {
  const tokens = new MarkdownIt().parse(readFileSync(join(root, document), "utf8"), {});
  return tokens
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? [])
    .map(String)
    .filter((address) => !/^([a-z]+:|\/|#)/.test(address))
    .map((address) => join(dirname(document), decodeURI(address.replace(/#.*/, ""))));
}

/** The links of the documents that lead to no file. */
export const deadLinks = (root = "."): string[] =>
  documents(root).flatMap((document) =>
    linksOf(document, root)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document} links to ${path}`),
  );
