import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
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
  function start(...args: string[]) {
    const child = spawn(process.execPath, [file, ...args], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        LOG_LEVEL: "silent",
        SESSION_SECRET: TEST_SECRET,
        DATABASE_URL,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  }
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

const ROUNDS = 5;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("workers that are killed in the middle of handlers under load", () => {
  it("lose nothing, and every task is told of exactly once", async () => {
    const tasks = await program();
    await tasks.run("fill", "160");
    for (let round = 0; round < ROUNDS; round++) {
      const workers = await Promise.all([tasks.worker(), tasks.worker()]);
      await sleep(round * 2);
      const ended = workers.map((worker) => once(worker, "exit"));
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(ended);
    }
    await tasks.run("drain");
    const { completed, told, jobs, interrupted } = await tasks.report();
    expect(completed).toHaveLength(160);
    expect(told).toEqual(completed);
    expect(jobs).toMatchObject({ done: 160, failed: 0 });
    expect(interrupted).toBeGreaterThan(2 * ROUNDS);
  }, 180_000);
});

describe("a server that is killed between COMMIT and the answer", () => {
  it("has completed the task and told of it once, also where the person presses again", async () => {
    const tasks = await program();
    const env = { DATABASE_URL: tasks.DATABASE_URL, RUN_JOBS: "false" };
    const TENFOLD_BUILD = new URL("tasks-dying-build.js", import.meta.url).href;
    const server = await startServer({ ...env, TENFOLD_BUILD });
    await post(server, "/tasks", { title: "Completed" });
    await expect(post(server, "/tasks/1/complete")).rejects.toThrow();
    await server.exited;
    expect(server.process.signalCode).toBe("SIGKILL");
    expect(await tasks.report()).toMatchObject({ completed: [1], told: [], jobs: { queued: 1 } });

    const again = await startServer(env);
    expect((await post(again, "/tasks/1/complete")).status).toBe(303);
    await again.stop();
    await server.stop();
    await tasks.run("drain");
    expect(await tasks.report()).toMatchObject({ completed: [1], told: [1], jobs: { queued: 0, done: 1 } });
  });
});
