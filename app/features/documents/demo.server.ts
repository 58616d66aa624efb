/** Demo documents for `manage seed`. */
import { numbered, pick } from "~/services/demo.server";

const KINDS = ["Contract", "Offer", "Invoice", "Minutes", "Floor plan", "Handover", "Certificate", "Manual"];
const THINGS = [
  "harbour office",
  "workshop roof",
  "forklift",
  "van lease",
  "fire drill",
  "quarterly review",
  "price list",
];
const ENDINGS = ["txt", "md", "csv", "txt"];

/** The n-th document, the same at every run. */
export function demoDocument(n: number) {
  const title = `${pick(KINDS, n)}, ${pick(THINGS, n)}${numbered(n, KINDS.length * THINGS.length)}`;
  const filename = `${title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "")}.${pick(ENDINGS, n)}`;
  const lines = Array.from({ length: 4 + (n % 30) }, (_, line) => `${title}: paragraph ${line + 1}.`);
  return { title, filename, text: `${title}\n\n${lines.join("\n")}\n` };
}
