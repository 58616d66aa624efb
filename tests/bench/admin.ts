/** The admin's list where it is very long, as one person meets it, and its CSV. */
import type { RunningServer } from "../helpers/server";
import { type Figures, load, median, residentMiB } from "./measure";
import type { BenchPage } from "./pages";

interface Options {
  seconds: number;
  runs: number;
  row(name: string, ...cells: string[]): void;
}

/** One row a page with what one person waits, then the CSV of all rows. */
export async function measureAdmin(
  server: RunningServer,
  pages: BenchPage[],
  { seconds, runs, row }: Options,
) {
  row("page", "median ms", "p99 ms", "CPU ms", "others %");
  for (const page of pages) {
    await load(server, page, 1, 1);
    const all: Figures[] = [];
    while (all.length < runs) all.push(await load(server, page, seconds, 1));
    const middle = (figure: keyof Figures) => median(all.map((figures) => figures[figure]));
    const cells = [middle("p50"), middle("p99"), middle("cpu"), middle("others") * 100];
    row(page.name, ...cells.map((value) => value.toFixed(0)));
  }
  await measureCsv(server, pages[0]!);
}

/** Reads the file as it comes, and looks meanwhile at what the server holds. */
async function measureCsv(server: RunningServer, { path, headers }: BenchPage) {
  const before = residentMiB(server);
  const start = performance.now();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMiB(server));
  }, 20);
  const response = await fetch(`${server.url}${path}/export.csv`, { headers });
  let bytes = 0;
  let lines = 0;
  const reader = response.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    for (const byte of part.value) if (byte === 10) lines += 1;
  }
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  console.log(`
CSV of ${(lines - 1).toLocaleString("en")} rows        ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB
memory before, at most        ${before.toFixed(0)} MiB, ${peak.toFixed(0)} MiB
`);
}
