/** Background jobs: what Celery or `django.tasks` stand for. A job is data, kept in the transaction that asks for it. */
import type { Transaction } from "sequelize";
import { z } from "zod";
import { Job, type JobState, type Standing } from "#models/job.server";

/** What a handler has beside its payload. */
export interface Run {
  /** From 1. */
  attempt: number;
  /** Aborted when the job's time is up, or the worker has to stop. */
  signal: AbortSignal;
  /**
   * Opens the transaction in which the job's completion is recorded, and runs `work` in it: what that writes and the
   * completion are there both, or neither. To be called once, as the last thing. Without it the completion is recorded
   * after the handler, so what the handler did may be done again.
   */
  finish(work: (transaction: Transaction) => Promise<unknown>): Promise<void>;
}

export interface JobType<Payload extends object = object> {
  name: string;
  /** What its payload must fit, when it is asked for and again when it runs. */
  schema: z.ZodType<Payload>;
  /** At most this often; 5. */
  attempts?: number;
  /** Milliseconds after the first attempt, doubled at each; 1,000. */
  backoff?: number;
  /** Milliseconds after which an attempt has failed; 30,000. */
  timeout?: number;
  /** Loaded when it runs for the first time. */
  handler(): Promise<{ default(payload: Payload, run: Run): Promise<void> }>;
}

/** Thrown by a handler: trying again would not help, and the job has failed with these words. */
export class Hopeless extends Error {}

/** Gives a job the type of its payload. */
export const defineJob = <Payload extends object>(job: JobType<Payload>) => job;

/** The schema of a job without a payload. */
export const noPayload = z.object({}) as z.ZodType<Record<string, never>>;

/** A job that is asked for by the clock. */
export interface Recurring {
  /** Its payload is empty. */
  job: JobType<Record<string, never>>;
  /** When, UTC, as cron has it: "17 3 * * *". */
  cron: string;
}

/**
 * Asks for a job in the caller's transaction: rolled back with it, there if it commits. Of one `key` there is one job.
 *
 * @returns its id, or null where there is one of this key already.
 * @throws ZodError when the payload does not fit.
 */
export function enqueue<Payload extends object>(
  { name, schema, attempts = 5 }: JobType<Payload>,
  payload: Payload,
  { transaction, runAt, key }: { transaction: Transaction; runAt?: Date; key?: string },
): Promise<number | null> {
  return Job.add({ name, payload: schema.parse(payload), maxAttempts: attempts, runAt, key }, transaction);
}

/** Asks for many jobs of a type as `enqueue` does. */
export function enqueueAll<Payload extends object>(
  { name, schema, attempts = 5 }: JobType<Payload>,
  jobs: { payload: Payload; key?: string }[],
  { transaction }: { transaction: Transaction },
): Promise<number[]> {
  const rows = jobs.map(({ payload, key }) => ({
    name,
    payload: schema.parse(payload),
    maxAttempts: attempts,
    key,
  }));
  return Job.addAll(rows, transaction);
}

/** How far a job has come, and what became of the last attempt that came to nothing. */
export type Progress = Omit<Standing, "key" | "errors"> & { error: string | null };

/** How far the job of a key has come; null where there is none, or none any more. */
export async function progressOf({ name }: { name: string }, key: string): Promise<Progress | null> {
  const [job] = await Job.standing(name, [key]);
  if (!job) return null;
  const { key: _, errors, ...progress } = job;
  return { ...progress, error: errors.at(-1)?.message ?? null };
}

/** How far the jobs of these keys have come: those that there are, and are still there. */
export const standingOf = ({ name }: { name: string }, keys: string[]) => Job.standing(name, keys);

/** The keys of jobs in one of these states, up to `most`, the newest. */
export const keysIn = ({ name }: { name: string }, states: JobState[], most: number) =>
  Job.keysIn(name, states, most);

/** Has the jobs of these keys done once more, in the caller's transaction; what waits or runs already is let be. */
export async function again<Payload extends object>(
  job: JobType<Payload>,
  jobs: { payload: Payload; key: string }[],
  { transaction }: { transaction: Transaction },
) {
  const keys = jobs.map(({ key }) => key);
  await Job.again(job.name, keys, transaction);
  // Of those that are no longer there.
  await enqueueAll(job, jobs, { transaction });
}

/** Whether more is to come of a job in that state by itself. */
export const isUnderWay = (state: JobState) => state === "queued" || state === "running";
