/** The list as CSV (RFC 4180), block by block: it never sits in memory whole. */
import type { ListQuery } from "./query.server";
import type { Registered } from "./registry.server";

const BLOCK = 1_000;

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); numbers stay.
 */
function csvCell(text: string) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: string[]) => `${cells.map(csvCell).join(",")}\r\n`;

export function csvOf(entry: Registered, { columns, where, order }: ListQuery): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let offset = -1;
  return new ReadableStream({
    async pull(controller) {
      if (offset < 0) {
        // The byte order mark tells spreadsheets that it is UTF-8.
        controller.enqueue(encoder.encode(`\uFEFF${line(["ID", ...columns.map(({ label }) => label)])}`));
        offset = 0;
        return;
      }
      const rows = await entry.model.findAll({ where, order, limit: BLOCK, offset });
      offset += rows.length;
      const text = rows.map((row) => line([String(row.get("id")), ...columns.map(({ cell }) => cell(row))]));
      if (text.length > 0) controller.enqueue(encoder.encode(text.join("")));
      if (rows.length < BLOCK) controller.close();
    },
  });
}
