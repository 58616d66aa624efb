/** A program that faults happen to: it works, or says what became of the tasks that were completed. */
import { disconnect } from "#models/database.server";
import { Job } from "#models/job.server";
import { Notification } from "#models/notification.server";
import { Task } from "#models/task.server";
import { notifyTaskCompleted } from "~/features/tasks/notify.server";
import { Worker } from "~/services/worker.server";

const [, , mode] = process.argv;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const modes: Record<string, () => Promise<void>> = {
  /** Works until it is killed, and says so when it has begun a job. */
  async work() {
    const job = {
      ...notifyTaskCompleted,
      handler() {
        process.stdout.write("working\n");
        return notifyTaskCompleted.handler();
      },
    };
    await new Worker(() => [job as never]).start();
  },
  /** Works until nothing is left to do. */
  async drain() {
    const worker = new Worker(() => [notifyTaskCompleted as never], { lease: 1_000, beat: 300, poll: 50 });
    await worker.start();
    for (let left = 1; left > 0; await sleep(200)) {
      const { queued, running } = await Job.counts();
      left = queued + running;
    }
    await worker.stop();
    await disconnect();
  },
  async report() {
    const completed = await Task.findAll({ where: { completed: true }, attributes: ["id"], order: ["id"] });
    const told = await Notification.findAll({ attributes: ["path"] });
    console.log(
      JSON.stringify({
        completed: completed.map(({ id }) => id),
        told: told.map(({ path }) => Number(path.split("/").at(-1))).sort((a, b) => a - b),
        jobs: await Job.counts(),
      }),
    );
    await disconnect();
  },
};

await modes[mode ?? ""]?.();
