/** A process of its own that measures the queue on the database of DATABASE_URL, and prints what it found as JSON. */
import { z } from "zod";
import { disconnect, transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { Job } from "#models/job.server";
import { migrate } from "#models/migrate.server";
import { defineJob, enqueue } from "~/services/jobs.server";
import { Worker } from "~/services/worker.server";
import { median } from "./measure";

const TRANSACTIONS = 500;
const JOBS = 10_000;
const PICK_UPS = 50;
const IDLE_SECONDS = 20;

export interface JobFigures {
  /** Milliseconds that a transaction takes more with a job in it. */
  enqueueMs: number;
  /** Jobs done. */
  perSecond: number;
  /** Part of a core. */
  idle: number;
  /** Milliseconds from the commit of a job to its handler. */
  pickUpMs: { median: number; longest: number };
}

let started = () => {};
const noop = defineJob({
  name: "no-op",
  schema: z.object({}),
  handler: async () => ({ default: async () => started() }),
});
const ask = () => transaction((transaction) => enqueue(noop, {}, { transaction }));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds that a transaction with one write takes more with a job in it; in turns, so that both see the same machine. */
async function enqueueMs() {
  const times = { without: [] as number[], with: [] as number[] };
  for (let n = 0; n < TRANSACTIONS; n++) {
    for (const kind of ["without", "with"] as const) {
      const start = performance.now();
      await transaction(async (transaction) => {
        await Group.create({ name: `${kind} ${n}` }, { transaction });
        if (kind === "with") await enqueue(noop, {}, { transaction });
      });
      times[kind].push(performance.now() - start);
    }
  }
  return median(times.with) - median(times.without);
}

/** Jobs a second, from the first look to the last completion. */
async function drained() {
  await Job.destroy({ where: {} });
  const row = { name: noop.name, payload: {}, maxAttempts: 5 };
  await Job.bulkCreate(Array.from({ length: JOBS }, () => row));
  const start = performance.now();
  const worker = await work();
  while ((await Job.count({ where: { status: "done" } })) < JOBS) await sleep(50);
  const seconds = (performance.now() - start) / 1000;
  await worker.stop();
  return JOBS / seconds;
}

/** Part of a core that a worker takes which has nothing to do. */
async function idle() {
  const worker = await work();
  await sleep(1_000);
  const before = process.cpuUsage();
  await sleep(IDLE_SECONDS * 1_000);
  const { user, system } = process.cpuUsage(before);
  await worker.stop();
  return (user + system) / 1e6 / IDLE_SECONDS;
}

/** Milliseconds from the commit of a job to its handler, in a worker that idles. */
async function pickUpMs() {
  const worker = await work();
  const waits: number[] = [];
  for (let n = 0; n < PICK_UPS; n++) {
    await sleep(20 + Math.random() * 100);
    const begun = new Promise<number>((resolve) => {
      started = () => resolve(performance.now());
    });
    await ask();
    const committed = performance.now();
    waits.push(Math.max(0, (await begun) - committed));
  }
  await worker.stop();
  return { median: median(waits), longest: Math.max(...waits) };
}

async function work() {
  const worker = new Worker(() => [noop]);
  await worker.start();
  return worker;
}

await migrate();
const figures: JobFigures = {
  enqueueMs: await enqueueMs(),
  perSecond: await drained(),
  idle: await idle(),
  pickUpMs: await pickUpMs(),
};
console.log(JSON.stringify(figures));
await disconnect();
