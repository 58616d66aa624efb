/** Files for spreadsheets (CSV, RFC 4180), sent as they are read: none ever sits in memory whole. */

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); numbers stay.
 */
function csvCell(text: string) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: string[]) => `${cells.map(csvCell).join(",")}\r\n`;

/** The answer that is a file called `name`: a line of headings, then the rows, block by block as they are asked for. */
export function csvResponse(name: string, headings: string[], blocks: AsyncGenerator<string[][]>): Response {
  const encoder = new TextEncoder();
  let begun = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) {
        begun = true;
        // The byte order mark tells spreadsheets that it is UTF-8.
        controller.enqueue(encoder.encode(`\uFEFF${line(headings)}`));
        return;
      }
      const { value: rows, done } = await blocks.next();
      if (done) return controller.close();
      controller.enqueue(encoder.encode(rows.map(line).join("")));
    },
    async cancel() {
      await blocks.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
}
