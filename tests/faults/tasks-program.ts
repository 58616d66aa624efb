/** A program that faults happen to: it fills a database with completed tasks, works, or says what became of them. */
import { disconnect } from "#models/database.server";
import { Job } from "#models/job.server";
import { migrate } from "#models/migrate.server";
import { Notification } from "#models/notification.server";
import { Task } from "#models/task.server";
import { jobs } from "~/features/tasks/feature.server";
import { announcedBy } from "~/features/tasks/notify.server";
import { Worker } from "~/services/worker.server";

const [, , mode, argument] = process.argv;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const modes: Record<string, () => Promise<void>> = {
  /** Completes that many tasks. */
  async fill() {
    await migrate();
    const rows = Array.from({ length: Number(argument) }, (_, n) => ({ title: `Task ${n}` }));
    await Task.bulkCreate(rows);
    for (const { id } of await Task.findAll({ attributes: ["id"] }))
      await Task.complete(id, null, announcedBy(null));
    await disconnect();
  },
  /** Works until it is killed. */
  async work() {
    await new Worker(() => jobs as never).start();
    console.log("working");
  },
  /** Works until nothing is left to do. */
  async drain() {
    const worker = new Worker(() => jobs as never, { lease: 1_000, beat: 300, poll: 50 });
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
        interrupted: await Job.count({ where: { attempts: 2 } }),
      }),
    );
    await disconnect();
  },
};

await modes[mode ?? ""]?.();
