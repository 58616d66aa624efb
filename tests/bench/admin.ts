/** The admin's list where it is very long, as one person meets it, and its CSV. */
import type { RunningServer } from "../helpers/server";
import { type Figures, load, median, residentMiB } from "./measure";
import type { BenchPage } from "./pages";

const ROWS = 1_000_000;
const RUNS = 3;
const SECONDS = 2;

const PAGES = [
  { name: "first page", path: "" },
  { name: "deep page", path: `?page=${ROWS / 100}` },
  { name: "filter", path: "?done=yes" },
  { name: "search, frequent", path: "?q=bolts" },
  { name: "search, rare", path: `?q=${ROWS * 0.77}` },
  { name: "search, none", path: "?q=nothing+like+it" },
];

/** Fills the to-dos up to a million, and asks the admin for them as the person of `headers`. */
export async function measureLongList(
  server: RunningServer,
  headers: Record<string, string>,
): Promise<string> {
  const { connect } = await import("#models/database.server");
  const database = connect(server.databaseUrl);
  await database.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ROWS})
     INSERT INTO todos (title, done, created_at)
     SELECT (SELECT title FROM todos WHERE id = 1 + n % 100) || ' (' || n || ')', n % 3 = 2,
       STRFTIME('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' minutes') || ' +00:00' FROM numbers`,
  );
  await database.close();
  const lines = ["The admin's list of 1,000,000 to-dos, one person: median ms, p99 ms, CPU ms"];
  for (const { name, path } of PAGES) {
    const page: BenchPage = { name, path: `/admin/todos/todo${path}`, data: "small", headers };
    await load(server, page, 1, 1);
    const all: Figures[] = [];
    while (all.length < RUNS) all.push(await load(server, page, SECONDS, 1));
    const middle = (figure: "p50" | "p99" | "cpu") =>
      median(all.map((figures) => figures[figure])).toFixed(0);
    lines.push(
      `${name.padEnd(20)}${middle("p50").padStart(8)}${middle("p99").padStart(8)}${middle("cpu").padStart(8)}`,
    );
  }
  lines.push(await measureCsv(server, headers));
  return lines.join("\n");
}

/** Reads the file as it comes, and looks meanwhile at what the server holds. */
async function measureCsv(server: RunningServer, headers: Record<string, string>): Promise<string> {
  const before = residentMiB(server);
  const start = performance.now();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMiB(server));
  }, 20);
  const response = await fetch(`${server.url}/admin/todos/todo/export.csv`, { headers });
  let bytes = 0;
  let lines = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    for (const byte of part) if (byte === 10) lines += 1;
  }
  clearInterval(watch);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return (
    `CSV of ${(lines - 1).toLocaleString("en")} rows: ${seconds} s, ${(bytes / 1e6).toFixed(0)} MB; ` +
    `memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB at most`
  );
}
