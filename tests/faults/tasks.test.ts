import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../helpers/folder";
import { post, startServer, TEST_SECRET } from "../helpers/server";

interface Report {
  /** Ids of tasks that are completed, and of those that a notification tells of. */
  completed: number[];
  told: number[];
  jobs: Record<string, number>;
  /** Jobs that a second worker had to take over. */
  interrupted: number;
}

/** tests/faults/tasks-program.ts, with a database of its own. */
async function program() {
  const folder = scratchFolder();
  // Where its packages are found.
  const file = join("build", "tests", "tasks-program.js");
  await build({
    entryPoints: ["tests/faults/tasks-program.ts"],
    outfile: file,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const DATABASE_URL = `sqlite:${join(folder, "tasks.sqlite")}`;
  const start = (...args: string[]) =>
    spawn(process.execPath, [file, ...args], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        LOG_LEVEL: "silent",
        SESSION_SECRET: TEST_SECRET,
        DATABASE_URL,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
  /** Runs it to its end. */
  async function run(...args: string[]) {
    const child = start(...args);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "close");
    expect(code, args.join(" ")).toBe(0);
    return output;
  }
  const report = async (): Promise<Report> => JSON.parse(await run("report"));
  async function worker() {
    const child = start("work");
    await once(child.stdout, "data");
    return child;
  }
  return { DATABASE_URL, run, report, worker };
}

const ROUNDS = 8;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("workers that are killed in the middle of handlers under load", () => {
  it("lose nothing, and every task is told of exactly once", async () => {
    const tasks = await program();
    await tasks.run("fill", "240");
    for (let round = 0; round < ROUNDS; round++) {
      const workers = await Promise.all([tasks.worker(), tasks.worker()]);
      await sleep(round * 2);
      const ended = workers.map((worker) => once(worker, "exit"));
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(ended);
    }
    await tasks.run("drain");
    const { completed, told, jobs, interrupted } = await tasks.report();
    expect(completed).toHaveLength(240);
    expect(told).toEqual(completed);
    expect(jobs).toMatchObject({ done: 240, failed: 0 });
    expect(interrupted).toBeGreaterThan(2 * ROUNDS);
  }, 180_000);
});

describe("a server that is killed between COMMIT and the answer", () => {
  it("has the job of every task that is completed, answered or not", async () => {
    const tasks = await program();
    const answered = new Set<number>();
    let unanswered = 0;
    for (let round = 0; round < 20 && unanswered === 0; round++) {
      const server = await startServer({ DATABASE_URL: tasks.DATABASE_URL, RUN_JOBS: "false" });
      const added = await Promise.all(
        Array.from({ length: 30 }, (_, n) => post(server, "/tasks", { title: `${round}-${n}` })),
      );
      const ids = added.map(({ headers }) => Number(String(headers.location).match(/#task-(\d+)/)?.[1]));
      const ended = Promise.allSettled(
        ids.map(async (id) => {
          if ((await post(server, `/tasks/${id}/complete`)).status === 303) answered.add(id);
        }),
      );
      await sleep(20 + round * 15);
      server.process.kill("SIGKILL");
      await ended;
      await server.stop();
      const { completed } = await tasks.report();
      expect([...answered].filter((id) => !completed.includes(id))).toEqual([]);
      unanswered = completed.length - answered.size;
    }
    expect(unanswered).toBeGreaterThan(0);
    await tasks.run("drain");
    const { completed, told } = await tasks.report();
    expect(told).toEqual(completed);
  }, 180_000);
});
