/** Jobs in real processes, which are killed, and lose their database for a while. */
import type { ChildProcess } from "node:child_process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { TEST_SECRET } from "../helpers/server";
import { onServer } from "../helpers/template-database";
import { bundled, ended, LONG, type OwnDatabase, ownDatabase, startNode } from "../manage/processes";

let database: OwnDatabase;

/** tests/services/jobs-program.ts, with a database of its own. */
async function program() {
  const file = await bundled("tests/services/jobs-program.ts");
  database = await ownDatabase();
  const env = {
    DATABASE_URL: database.url,
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    SESSION_SECRET: TEST_SECRET,
  };
  async function run(...args: string[]) {
    const { code, stdout, stderr } = await ended(startNode([file, ...args], { env }));
    expect([code, stderr]).toEqual([0, ""]);
    return stdout;
  }
  return {
    /** Asks for jobs of these numbers that take so many milliseconds at their first attempt. */
    ask: (from: number, to: number, ms: number) => run("ask", ...[from, to, ms].map(String)),
    report: async (): Promise<{ effects: number[]; jobs: Record<string, number> }> =>
      JSON.parse(await run("report")),
    async worker() {
      const child = startNode([file, "work"], { env });
      onTestFinished(() => void child.kill("SIGKILL"));
      const worker = new Watched(child);
      await worker.said(/^working$/m);
      return worker;
    },
  };
}

/** A process, and what it has written so far. */
class Watched {
  output = "";
  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
  }
  async said(pattern: RegExp, timeout = 60_000) {
    await expect.poll(() => this.output, { timeout }).toMatch(pattern);
  }
  /** The jobs that it has begun, by number. */
  begun = () => [...this.output.matchAll(/^begun (\d+) /gm)].map(([, n]) => Number(n));
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("jobs in several processes", { timeout: LONG }, () => {
  it("are shared: of three, no two begin the same", async () => {
    const jobs = await program();
    await jobs.ask(1, 300, 1);
    const workers = await Promise.all([jobs.worker(), jobs.worker(), jobs.worker()]);
    await expect
      .poll(async () => (await jobs.report()).jobs.done, { timeout: 60_000, interval: 500 })
      .toBe(300);
    const begun = workers.flatMap((worker) => worker.begun());
    expect(begun.toSorted((a, b) => a - b)).toEqual(upTo(300));
    expect((await jobs.report()).effects).toEqual(upTo(300));
  });

  it("go to another within 45 seconds where their process is killed", async () => {
    const jobs = await program();
    await jobs.ask(1, 1, 600_000);
    const first = await jobs.worker();
    await first.said(/^begun 1 1$/m);
    const second = await jobs.worker();
    await sleep(500);
    first.child.kill("SIGKILL");
    await second.said(/^begun 1 2$/m, 45_000);
    await expect.poll(jobs.report).toMatchObject({ effects: [1], jobs: { done: 1 } });
  });
});

const postgres = process.env.DATABASE_URL?.startsWith("postgres");

/** Takes the database away from everybody else until `back` is called. */
async function takeAway(): Promise<{ back(): Promise<void> }> {
  if (!postgres) {
    // Another process writes, and does not come to an end.
    let back = () => {};
    let taken = () => {};
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const held = database.ask((sequelize) =>
      sequelize.transaction(async () => {
        taken();
        await new Promise<void>((resolve) => {
          back = resolve;
        });
      }),
    );
    await isTaken;
    return {
      async back() {
        back();
        await held;
      },
    };
  }
  const name = new URL(database.url).pathname.slice(1);
  await onServer(database.url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await onServer(
    database.url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  return { back: () => onServer(database.url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`) };
}

describe("a database that is locked or away", { timeout: LONG }, () => {
  let seconds: number;
  beforeAll(() => {
    // Longer than a statement waits for it.
    seconds = postgres ? 4 : 12;
  });

  it("in the middle of handlers loses no job, and each has its effect once", async () => {
    const jobs = await program();
    await jobs.ask(1, 40, 500);
    const worker = await jobs.worker();
    await worker.said(/begun 10 1/);
    const { back } = await takeAway();
    await worker.said(/the database did not answer|job failed/);
    await sleep(seconds * 1_000);
    await back();
    await expect
      .poll(async () => (await jobs.report()).jobs, { timeout: 90_000, interval: 500 })
      .toMatchObject({ done: 40, failed: 0 });
    expect((await jobs.report()).effects).toEqual(upTo(40));
    expect(worker.child.exitCode).toBeNull();
  });

  it("while there is nothing to do is noticed, and new jobs are done as soon as it is back", async () => {
    const jobs = await program();
    await jobs.ask(1, 1, 1);
    const worker = await jobs.worker();
    await expect.poll(jobs.report).toMatchObject({ effects: [1] });
    const { back } = await takeAway();
    await worker.said(/the database did not answer/);
    await back();
    await jobs.ask(2, 2, 1);
    await expect.poll(jobs.report).toMatchObject({ effects: [1, 2] });
  });
});
