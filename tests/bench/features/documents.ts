import { execFile, execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect } from "#models/database.server";
import { seed } from "~/features/documents/feature.server";
import { getLarge, largeFile, postLarge } from "../../helpers/large-files";
import { addPeople, type RunningServer, startServer } from "../../helpers/server";
import { load, median, onePerson, residentMiB } from "../measure";
import type { BenchPage, BenchPart, DataSet } from "../pages";

export const pages: BenchPage[] = [{ name: "documents", path: "/documents", data: "small", signedIn: true }];

/** 12 documents. */
export async function fill(data: DataSet) {
  if (data === "small") await seed.run(12);
}

const MANY = 100_000;
/** Rows whose files nobody asks for, of the first person there is. */
const ADD_MANY = `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY})
  INSERT INTO documents (title, owner_id, filename, search, key, size, sha256, created_at, changed_at, blocks)
  SELECT 'Contract ' || n, 1, 'contract-' || n || '.pdf', 'contract ' || n || char(10) || 'contract-' || n || '.pdf',
    'documents/' || n, 10000 + n, '', '2026-01-01 00:00:00.000 +00:00', '2026-01-01 00:00:00.000 +00:00', x''
  FROM numbers`;
const LIST = [
  { name: "first page", path: "/documents" },
  { name: "page 1,000", path: "/documents?page=1000" },
  { name: "one of them", path: "/documents?q=77777" },
  { name: "all of them found", path: "/documents?q=contract" },
];

const MB = 1_000_000;
const GB = 1_000 * MB;

/** A server that a superuser is signed in to, with folders of its own that go when it stops. */
async function vault() {
  const server = await startServer({ LOG_LEVEL: "silent" });
  return { server, cookie: await addPeople(server, "bench") };
}

/** What came of some work, and the seconds that it took. */
async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

/** Uploads a file. @returns the path of its page. */
async function upload({ port }: RunningServer, cookie: Record<string, string>, size: number) {
  const { statusCode, headers } = await postLarge(port, "/documents/upload", size, cookie);
  if (statusCode !== 303) throw new Error(`The upload was answered with ${statusCode}.`);
  return headers.location!;
}

async function download({ port }: RunningServer, cookie: Record<string, string>, path: string, size: number) {
  const got = await getLarge(port, `${path}/download`, cookie, { hashed: false });
  if (got.status !== 200 || got.size !== size) throw new Error(`Got ${got.status} and ${got.size} bytes.`);
}

/** Downloads by a process of its own, and keeps nothing. @returns the seconds that it took. */
async function curl({ url }: RunningServer, { Cookie }: { Cookie: string }, path: string) {
  const args = ["-s", "-f", "-o", "/dev/null", "-w", "%{time_total}", "-H", `Cookie: ${Cookie}`];
  const { stdout } = await promisify(execFile)("curl", [...args, `${url}${path}/download`]);
  return Number(stdout);
}

/** What `cp` takes for a file of that size, in the folder of the server, with its data forced to disk or not. */
function copied(folder: string, size: number, sync: boolean) {
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  writeFileSync(from, "");
  for (const chunk of [...largeFile(16 * 2 ** 20)]) writeFileSync(from, chunk, { flag: "a" });
  for (let have = statSync(from).size; have < size; have = statSync(from).size)
    execFileSync("sh", [
      "-c",
      `head -c ${Math.min(have, size - have)} ${from} > ${to} && cat ${to} >> ${from}`,
    ]);
  const start = performance.now();
  execFileSync("sh", ["-c", `cp ${from} ${to}${sync ? ` && sync ${to}` : ""}`]);
  const took = (performance.now() - start) / 1000;
  execFileSync("rm", [from, to]);
  return took;
}

const rate = (size: number, took: number) => `${(size / MB / took).toFixed(0)} MB/s`;

/** What came of some work, and MiB by which the server's memory grew at most meanwhile. */
async function growth<Result>(server: RunningServer, work: () => Promise<Result>): Promise<[Result, number]> {
  const before = residentMiB(server);
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, residentMiB(server));
  }, 50);
  const result = await work();
  clearInterval(watch);
  return [result, most - before];
}

export const parts: BenchPart[] = [
  {
    name: "documents-large",
    async run() {
      const { server, cookie } = await vault();
      await download(server, cookie, await upload(server, cookie, 50 * MB), 50 * MB);
      const lines = ["1 GB, median of 3"];
      const times = { up: [] as number[], down: [] as number[], cp: [] as number[], synced: [] as number[] };
      for (let run = 0; run < 3; run += 1) {
        const [path, up] = await timed(() => upload(server, cookie, GB));
        const [, down] = await timed(() => download(server, cookie, path, GB));
        times.up.push(up);
        times.down.push(down);
        times.cp.push(copied(server.folder, GB, false));
        times.synced.push(copied(server.folder, GB, true));
      }
      for (const [name, all] of Object.entries(times))
        lines.push(`${name.padEnd(10)}${rate(GB, median(all))}`);
      const [path, up] = await growth(server, () => upload(server, cookie, 2 * GB));
      const [, down] = await growth(server, () => download(server, cookie, path, 2 * GB));
      lines.push(
        `memory grows by ${up.toFixed(0)} MiB while 2 GB go up, by ${down.toFixed(0)} while they go down`,
      );
      await server.stop();
      return lines.join("\n");
    },
  },
  {
    name: "documents-at-once",
    async run() {
      const { server, cookie } = await vault();
      const size = 60 * MB;
      const path = await upload(server, cookie, size);
      const start = performance.now();
      // A process each: one alone would read some of its connections before the others.
      const each = await Promise.all(Array.from({ length: 50 }, () => curl(server, cookie, path)));
      const took = (performance.now() - start) / 1000;
      await server.stop();
      return (
        `50 downloads of 60 MB at once: ${rate(50 * size, took)} in all; ` +
        `the first ends after ${Math.min(...each).toFixed(2)} s, the last after ${Math.max(...each).toFixed(2)} s`
      );
    },
  },
  {
    name: "documents-many",
    async run() {
      const { server, cookie } = await vault();
      const database = connect(server.databaseUrl);
      await database.query(ADD_MANY);
      await database.close();
      const lines = await onePerson(
        server,
        LIST.map((page) => ({ ...page, headers: cookie })),
      );
      await server.stop();
      return ["100,000 documents; one person: median ms, p99 ms, CPU ms", ...lines].join("\n");
    },
  },
  {
    name: "documents-beside",
    async run() {
      const { server, cookie } = await vault();
      const home: BenchPage = { name: "home", path: "/", data: "small" };
      await load(server, home, 2, 1);
      const alone: number[] = [];
      const during: number[] = [];
      for (let run = 0; run < 3; run += 1) {
        alone.push((await load(server, home, 4, 1)).p99);
        let isDone = false;
        const going = upload(server, cookie, 2 * GB).finally(() => {
          isDone = true;
        });
        during.push((await load(server, home, 4, 1)).p99);
        if (isDone) throw new Error("The upload ended before the pages were measured.");
        await going;
      }
      await server.stop();
      return `p99 of the home page for one browser: ${median(alone)} ms alone, ${median(during)} ms while 2 GB go up`;
    },
  },
];
