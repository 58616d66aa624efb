/** Comma-separated values (RFC 4180): what Python's `csv` stands for. */

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

/** A file of these rows under a head, block by block as it is read: it never sits in memory whole. */
export function csvStream(
  head: string[],
  blocks: AsyncGenerator<string[][], undefined>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let begun = false;
  return new ReadableStream({
    async pull(controller) {
      if (!begun) {
        begun = true;
        controller.enqueue(encoder.encode(BYTE_ORDER_MARK + line(head)));
        return;
      }
      const { value: rows } = await blocks.next();
      if (!rows) return controller.close();
      controller.enqueue(encoder.encode(rows.map(line).join("")));
    },
  });
}

/** The headers of such a file. */
export const csvHeaders = (name: string) => ({
  "Content-Type": "text/csv; charset=utf-8",
  "Content-Disposition": `attachment; filename="${name}.csv"`,
  "Cache-Control": "private, no-store",
});
