/** A process that works: its jobs leave one row each, and it says when it begins one. */
import { z } from "zod";
import { disconnect, transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { Job } from "#models/job.server";
import { migrate } from "#models/migrate.server";
import { defineJob, enqueue } from "~/services/jobs.server";
import { Worker } from "~/services/worker.server";

const [, , mode, from, to, ms] = process.argv;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const effect = defineJob({
  name: "effect",
  schema: z.object({ n: z.number(), ms: z.number() }),
  attempts: 20,
  handler: async () => ({
    /** Takes its time at the first attempt only. */
    async default({ n, ms }, { attempt, finish }) {
      console.log(`begun ${n} ${attempt}`);
      if (attempt === 1) await sleep(ms);
      await finish((transaction) => Group.create({ name: `effect ${n}` }, { transaction }));
    },
  }),
});

const modes: Record<string, () => Promise<void>> = {
  /** Asks for the jobs of these numbers, each of which takes that long. */
  async ask() {
    await migrate();
    await transaction(async (transaction) => {
      for (let n = Number(from); n <= Number(to); n++)
        await enqueue(effect, { n, ms: Number(ms) }, { transaction });
    });
    await disconnect();
  },
  /** Works until it is killed, as a server does. */
  async work() {
    await new Worker(() => [effect as never]).start();
    console.log("working");
  },
  async report() {
    const groups = (await Group.findAll()).map(({ name }) => Number(name.split(" ")[1]));
    console.log(JSON.stringify({ effects: groups.sort((a, b) => a - b), jobs: await Job.counts() }));
    await disconnect();
  },
};

await modes[mode ?? ""]?.();
