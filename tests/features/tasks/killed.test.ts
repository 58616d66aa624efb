import { once } from "node:events";
import { expect, it } from "vitest";
import { Job } from "#models/job.server";
import { Task } from "#models/task.server";
import { announcedBy } from "~/features/tasks/notify.server";
import { tasksProgram } from "./program";

const KILLS = 200;
/** Workers that are alive at the same time. */
const AT_ONCE = 4;
/** So many jobs wait whenever a worker begins. */
const WAITING = 100;

/** Completes as many new tasks as it takes for jobs to wait. */
async function load() {
  for (let missing = WAITING - (await Job.counts()).queued; missing > 0; missing--) {
    const id = await Task.add({ title: "Task", dueOn: null }, null);
    await Task.complete(id, null, announcedBy(null));
  }
}
/** How many workers were killed while they held jobs: nobody has taken these over yet. */
const interrupted = () => Job.count({ where: { status: "running" }, distinct: true, col: "worker" });

it(`workers that are killed ${KILLS} times in the middle of handlers, under load, lose nothing: every task is told of exactly once`, {
  timeout: 600_000,
}, async () => {
  const program = await tasksProgram(process.env.DATABASE_URL!);
  const killOneAfterAnother = async (first: number) => {
    for (let round = first; (await interrupted()) < KILLS; round++) {
      await load();
      const worker = await program.worker();
      await new Promise((resolve) => setTimeout(resolve, round % 16));
      const ended = once(worker, "exit");
      worker.kill("SIGKILL");
      await ended;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => killOneAfterAnother(n * 2)));
  expect(await interrupted()).toBeGreaterThanOrEqual(KILLS);
  await program.drain();
  const { completed, told, jobs } = await program.report();
  expect(told).toEqual(completed);
  expect(jobs).toMatchObject({ done: completed.length, queued: 0, running: 0, failed: 0 });
});
