/** The admin's list where it is very long, as one person meets it, and its CSV. */
import { connect } from "#models/database.server";
import type { RunningServer } from "../helpers/server";
import { measureCsv, onePerson, residentMiB } from "./measure";

const ROWS = 1_000_000;

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
  const database = connect(server.databaseUrl);
  await database.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ROWS})
     INSERT INTO todos (title, done, created_at)
     SELECT (SELECT title FROM todos WHERE id = 1 + n % 100) || ' (' || n || ')', n % 3 = 2,
       STRFTIME('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' minutes') || ' +00:00' FROM numbers`,
  );
  await database.close();
  const lines = ["The admin's list of 1,000,000 to-dos, one person: median ms, p99 ms, CPU ms"];
  lines.push(
    ...(await onePerson(
      server,
      PAGES.map(({ name, path }) => ({ name, path: `/admin/todos/todo${path}`, headers })),
    )),
    await measureCsv(server, "/admin/todos/todo/export.csv", headers),
    await measureSlowReader(server, headers),
  );
  return lines.join("\n");
}

const STALLED_SECONDS = 10;

/** Asks for the same file, reads its beginning and then no more: what the server holds for such a client. */
async function measureSlowReader(server: RunningServer, headers: Record<string, string>): Promise<string> {
  const before = residentMiB(server);
  const stop = new AbortController();
  const url = `${server.url}/admin/todos/todo/export.csv`;
  const response = await fetch(url, { headers, signal: stop.signal });
  await response.body!.getReader().read();
  let peak = before;
  for (let tenths = 0; tenths < STALLED_SECONDS * 10; tenths += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    peak = Math.max(peak, residentMiB(server));
  }
  stop.abort();
  return (
    `The same for who reads the beginning only, ${STALLED_SECONDS} s long: ` +
    `memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB at most`
  );
}
