/** The queue of jobs: how quick it is by itself, and whether pages wait for it. On SQLite; on Postgres as well where BENCH_POSTGRES_URL names a server. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "#models/database.server";
import { type RunningServer, startServer, TEST_SECRET } from "../helpers/server";
import { onServer, withDatabase } from "../helpers/template-database";
import { type Figures, load } from "./measure";
import type { BenchPage } from "./pages";

const JOBS = 10_000;
const SECONDS = 5;
const page: BenchPage = { name: "page while jobs drain", path: "/contact", data: "small" };

/** @returns what was measured on each database. */
export async function measureJobs(): Promise<string> {
  const lines = ["The queue of jobs"];
  for (const { name, url, remove } of await databases()) {
    const { enqueueMs, perSecond, idle, pickUpMs } = await alone(url);
    lines.push(
      `${name}: ${perSecond.toFixed(0)} no-op jobs a second of ${JOBS.toLocaleString("en")}; enqueue adds ${enqueueMs.toFixed(2)} ms to a transaction; ` +
        `idle ${(idle * 100).toFixed(2)}% of a core; picked up after ${pickUpMs.median.toFixed(1)} ms, ${pickUpMs.longest.toFixed(1)} at most`,
      await beside(url),
    );
    await remove();
  }
  return lines.join("\n");
}

async function databases() {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-bench-jobs-"));
  const all = [
    {
      name: "SQLite",
      url: `sqlite:${join(folder, "jobs.sqlite")}`,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    },
  ];
  const server = process.env.BENCH_POSTGRES_URL;
  if (server) {
    const name = `tenfold_bench_${randomUUID().replaceAll("-", "")}`;
    await onServer(server, `CREATE DATABASE ${name}`);
    const remove = () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    all.push({ name: "Postgres", url: withDatabase(server, name), remove });
  }
  return all;
}

/** The queue in a process that does nothing else: tests/bench/jobs-program.ts. */
async function alone(url: string): Promise<{
  enqueueMs: number;
  perSecond: number;
  idle: number;
  pickUpMs: { median: number; longest: number };
}> {
  const child = spawn(process.execPath, ["node_modules/tsx/dist/cli.mjs", "tests/bench/jobs-program.ts"], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      LOG_LEVEL: "silent",
      SESSION_SECRET: TEST_SECRET,
      DATABASE_URL: url,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`tests/bench/jobs-program.ts ended with ${code}.`);
  return JSON.parse(output);
}

/** A page for one browser, alone and while the server that renders it drains jobs; in turns, so that both see the same machine. */
export async function beside(url: string): Promise<string> {
  const server = await startServer({ LOG_LEVEL: "silent", DATABASE_URL: url });
  await paced(server, 500);
  const alone: number[] = [];
  const during: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(...(await paced(server, REQUESTS)));
    await fill(url);
    await sleep(1_100);
    const start = performance.now();
    const before = await left(url);
    during.push(...(await paced(server, REQUESTS)));
    const after = await left(url);
    rates.push((before - after) / ((performance.now() - start) / 1000));
    await clear(url);
    await sleep(500);
  }
  await server.stop();
  const cell = (all: number[]) => [0.5, 0.9, 0.99].map((q) => quantile(all, q).toFixed(1)).join(" / ");
  return `  ${page.path} p50/p90/p99 alone ${cell(alone)}; while they drain ${cell(during)}; ${rates.map((r) => r.toFixed(0))} jobs/s`;
}
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const REQUESTS = 200;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (all: number[], q: number) => all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * q))]!;
async function paced(server: RunningServer, count: number) {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    const answer = await fetch(server.url + page.path);
    await answer.arrayBuffer();
    times.push(performance.now() - start);
    await sleep(Number(process.env.GAP ?? 10));
  }
  return times;
}
async function clear(url: string) {
  const database = connect(url);
  await database.query("DELETE FROM jobs WHERE status = 'queued'");
  await database.close();
}

/** Jobs that find nothing to do: the mail that they are to send is not there. */
async function fill(url: string) {
  const database = connect(url);
  const now = database.getDialect() === "sqlite" ? "STRFTIME('%Y-%m-%d %H:%M:%f', 'now') || ' +00:00'" : "NOW()";
  await database.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${JOBS})
     INSERT INTO jobs (name, payload, status, attempts, max_attempts, beat, errors, created_at)
     SELECT 'send-mail', '{"mail":0}', 'queued', 0, 5, 0, '[]', ${now} FROM numbers`,
  );
  await database.close();
}

async function left(url: string) {
  const database = connect(url);
  const [rows] = await database.query("SELECT COUNT(*) AS n FROM jobs WHERE status IN ('queued', 'running')");
  await database.close();
  return Number((rows as { n: number | string }[])[0]!.n);
}
