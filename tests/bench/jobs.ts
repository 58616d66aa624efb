/** The queue of jobs: how quick it is, and whether pages wait for it. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "#models/database.server";
import { type RunningServer, startServer, TEST_SECRET } from "../helpers/server";
import { onServer, withDatabase } from "../helpers/template-database";
import type { JobFigures } from "./jobs-program";
import { median } from "./measure";

const JOBS = 10_000;
/** A visitor asks for this page again and again, with a pause in between; each turn alone and while jobs drain. */
const PAGE = "/";
const PAUSE_MS = 10;
const TURNS = 5;
const REQUESTS = 200;
const WARM_UP = 300;
/** Milliseconds after which a server has found jobs that another process has asked for. */
const FOUND = 1_200;

/** @returns the figures on SQLite, and on Postgres where BENCH_POSTGRES_URL names a server. */
export async function measureJobs(): Promise<string> {
  const lines: string[] = [];
  for (const { name, url, remove } of await databases()) {
    const { perSecond, enqueueMs, idle, pickUpMs } = await alone(url);
    const { calm, draining, drained } = await besidePages(url);
    const cell = (all: number[][], part: number) =>
      median(all.map((turn) => quantile(turn, part))).toFixed(1);
    const growth = Number(cell(draining, 0.99)) / Number(cell(calm, 0.99));
    lines.push(
      `Jobs on ${name}`,
      `10,000 that do nothing          ${perSecond.toFixed(0)} a second`,
      `enqueue                         ${enqueueMs.toFixed(2)} ms more for a transaction`,
      `a worker that waits             ${(idle * 100).toFixed(2)}% of a core`,
      `a new job begins                ${pickUpMs.median.toFixed(1)} ms after its commit, ${pickUpMs.longest.toFixed(1)} at most`,
      `a page, p50 and p99             ${cell(calm, 0.5)} and ${cell(calm, 0.99)} ms`,
      `while ${drained.toFixed(0)} jobs a second drain    ${cell(draining, 0.5)} and ${cell(draining, 0.99)} ms, p99 x${growth.toFixed(2)}`,
      "",
    );
    await remove();
  }
  return lines.join("\n");
}

async function databases() {
  const folder = mkdtempSync(join(tmpdir(), "tenfold-bench-jobs-"));
  const sqlite = {
    name: "SQLite",
    url: `sqlite:${join(folder, "jobs.sqlite")}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
  const server = process.env.BENCH_POSTGRES_URL;
  if (!server) return [sqlite];
  const name = `tenfold_bench_${randomUUID().replaceAll("-", "")}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const remove = () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  return [sqlite, { name: "Postgres", url: withDatabase(server, name), remove }];
}

/** The queue in a process that does nothing else. */
async function alone(url: string): Promise<JobFigures> {
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

/** How long a page takes, in turns alone and while the process that renders it drains jobs: both see the same machine. */
async function besidePages(url: string) {
  const server = await startServer({ LOG_LEVEL: "silent", DATABASE_URL: url });
  const calm: number[][] = [];
  const draining: number[][] = [];
  const rates: number[] = [];
  await visit(server, WARM_UP);
  for (let turn = 0; turn < TURNS; turn++) {
    calm.push(await visit(server, REQUESTS));
    await ask(url, jobsThatFindNothing(url));
    await sleep(FOUND);
    const before = await left(url);
    const start = performance.now();
    draining.push(await visit(server, REQUESTS));
    const seconds = (performance.now() - start) / 1000;
    const after = await left(url);
    if (after === 0) throw new Error("The jobs were done before the visitor was.");
    rates.push((before - after) / seconds);
    await ask(url, "DELETE FROM jobs WHERE status = 'queued'");
    await sleep(FOUND);
  }
  await server.stop();
  return { calm, draining, drained: median(rates) };
}

/** @returns the milliseconds of each request. */
async function visit({ url }: RunningServer, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) {
    const start = performance.now();
    const answer = await fetch(url + PAGE);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${PAGE} must answer 200. It answered ${answer.status}.`);
    times.push(performance.now() - start);
    await sleep(PAUSE_MS);
  }
  return times;
}

/** The mail that they are to send is not there. */
const jobsThatFindNothing = (url: string) => `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${JOBS})
  INSERT INTO jobs (name, payload, max_attempts, created_at) SELECT 'send-mail', '{"mail":0}', 5,
    ${url.startsWith("sqlite:") ? "STRFTIME('%Y-%m-%d %H:%M:%f', 'now') || ' +00:00'" : "NOW()"} FROM numbers`;

async function left(url: string): Promise<number> {
  const rows = await ask(url, "SELECT COUNT(*) AS count FROM jobs WHERE status IN ('queued', 'running')");
  return Number((rows as { count: number | string }[])[0]!.count);
}

async function ask(url: string, sql: string) {
  const database = connect(url);
  const [rows] = await database.query(sql);
  await database.close();
  return rows;
}

const quantile = (all: number[], part: number) =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))]!;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
