/** Files for spreadsheets (CSV, RFC 4180): what Python's `csv` stands for. None ever sits in memory whole. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { streamed } from "./stream.server";

/** Tells spreadsheets that it is UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); numbers stay.
 */
function cell(text: string) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: string[]) => `${cells.map(cell).join(",")}\r\n`;

async function* linesOf(headings: string[], blocks: AsyncIterable<string[][]>) {
  const encoder = new TextEncoder();
  yield encoder.encode(BYTE_ORDER_MARK + line(headings));
  for await (const rows of blocks) yield encoder.encode(rows.map(line).join(""));
}

/** The answer that is a file called `name`: a line of headings, then the rows, block by block as the client takes them. */
export const csvResponse = (
  args: Pick<LoaderFunctionArgs, "request" | "context">,
  name: string,
  headings: string[],
  blocks: AsyncIterable<string[][]>,
) =>
  new Response(streamed(args, linesOf(headings, blocks)), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
