/** Asks for recurring jobs: what celery beat stands for. */
import { Cron } from "croner";
import { transaction } from "#models/database.server";
import { enqueue, type Recurring } from "./jobs.server";
import { log } from "./log.server";

/** Milliseconds between two looks at the clock. */
const LOOK = 15_000;

/**
 * Asks for each job once a slot of its cron expression, however many processes do the same: the slot is its key. The
 * last slot that was missed, because nothing ran, is made up for at the start.
 *
 * @returns what ends it.
 */
export function startSchedule(recurring: () => Recurring[], now = () => new Date()): () => void {
  const asked = new Map<string, number>();
  const look = async () => {
    for (const { job, cron } of recurring()) {
      const [slot] = new Cron(cron, { timezone: "UTC", paused: true }).previousRuns(1, now());
      if (!slot || asked.get(job.name) === slot.getTime()) continue;
      await transaction((transaction) => enqueue(job, {}, { transaction, key: slot.toISOString() }));
      asked.set(job.name, slot.getTime());
    }
  };
  const timer = setInterval(() => look().catch(missed), LOOK);
  look().catch(missed);
  return () => clearInterval(timer);
}

const missed = (error: Error) => log().warn({ err: error }, "jobs: the database did not answer");
