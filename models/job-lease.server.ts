/**
 * How workers hold jobs. A worker holds one by its own name, the number of the attempt, and a beat that it raises while
 * it lives. What it does counts only while it holds the job.
 */
import { Op, type Transaction } from "sequelize";
import { isPostgres, sequelize, transaction } from "./database.server";
import { Job } from "./job.server";
import { tellWorkers } from "./job-signal.server";
import { cut, select } from "./sql.server";

/** A job that a worker holds. */
export interface Claimed {
  id: number;
  name: string;
  payload: unknown;
  /** From 1. */
  attempts: number;
  maxAttempts: number;
  worker: string;
}

/** A job that some worker holds, as others see it. */
type Held = Omit<Claimed, "payload"> & { beat: number };

/** Somebody else has taken the job over: what was done for it does not count. */
export class LeaseLost extends Error {
  constructor() {
    super("The job is somebody else's by now.");
  }
}

/**
 * Milliseconds. No retry is delayed longer than this. A job due later than that was scheduled by a clock that has since
 * been set back.
 */
export const LONGEST_BACKOFF = 10 * 60 * 1000;
const LONGEST_MESSAGE = 2_000;

/**
 * Takes up to `limit` jobs of these names that are due: first those that have waited for their time. Others wait for a
 * worker that knows them.
 */
export async function claim(worker: string, names: string[], limit: number): Promise<Claimed[]> {
  if (names.length === 0) return [];
  return transaction(async (transaction) => {
    const due = "run_at <= :now OR (run_at > :horizon AND attempts > 0)";
    const rows = await claimWhere(due, "run_at, id", { worker, names, limit }, transaction);
    const left = limit - rows.length;
    if (left > 0)
      rows.push(...(await claimWhere("run_at IS NULL", "id", { worker, names, limit: left }, transaction)));
    return rows;
  });
}

async function claimWhere(
  condition: string,
  order: string,
  by: { worker: string; names: string[]; limit: number },
  transaction: Transaction,
): Promise<Claimed[]> {
  const skip = isPostgres() ? "FOR UPDATE SKIP LOCKED" : "";
  const now = new Date();
  const rows = await select<Claimed>(
    // Materialized, or Postgres may run it again for each row, and each time it skips what this statement holds already.
    `WITH due AS MATERIALIZED (
       SELECT id FROM jobs WHERE status = 'queued' AND name IN (:names) AND (${condition})
       ORDER BY ${order} LIMIT :limit ${skip})
     UPDATE jobs SET status = 'running', worker = :worker, beat = 0, attempts = attempts + 1, started_at = :now
     WHERE id IN (SELECT id FROM due)
     RETURNING id, name, payload, attempts, max_attempts AS "maxAttempts", worker`,
    { ...by, now, horizon: new Date(now.getTime() + 2 * LONGEST_BACKOFF) },
    transaction,
  );
  // The order of RETURNING is nobody's.
  return rows.sort((a, b) => a.id - b.id).map((row) => ({ ...row, payload: fromJson(row.payload) }));
}

/** SQLite keeps JSON as text. */
const fromJson = (value: unknown) => (typeof value === "string" ? JSON.parse(value) : value);

/** Tells that the worker lives, and has these jobs: one that is not heard of for long loses them. */
export async function beat(worker: string, ids: number[]) {
  const where = { worker, status: "running", id: ids } as const;
  await transaction((transaction) => Job.increment("beat", { where, transaction }));
}

const leaseOf = ({ id, worker, attempts }: Pick<Claimed, "id" | "worker" | "attempts">) =>
  ({ id, worker, attempts, status: "running" }) as const;

const done = () => ({ status: "done", worker: null, finishedAt: new Date() }) as const;

/** Records in the caller's transaction that a job is done. @throws LeaseLost */
export async function complete(job: Claimed, transaction: Transaction) {
  const [count] = await Job.update(done(), { where: leaseOf(job), transaction });
  if (count === 0) throw new LeaseLost();
}

/** Records that jobs are done, those that their worker still holds, where nothing else is to be written with it. */
export async function completeAll(jobs: Claimed[]) {
  const where = { [Op.or]: jobs.map(leaseOf) };
  await transaction((transaction) => Job.update(done(), { where, transaction }));
}

/**
 * Records an attempt that came to nothing. The job is tried again at `retryAt`; without it, or when it was the last
 * attempt, it has failed. Of a job that was seen with a `beat` that counts only while that stands still.
 *
 * @returns whether the worker still held it: else nothing happens.
 */
export async function fail(job: Claimed | Held, message: string, retryAt: Date | null): Promise<boolean> {
  return transaction(async (transaction) => {
    const where = { ...leaseOf(job), ...("beat" in job && { beat: job.beat }) };
    const row = await Job.findOne({ where, transaction, lock: true });
    if (!row) return false;
    const error = {
      attempt: row.attempts,
      at: new Date().toISOString(),
      message: cut(message, LONGEST_MESSAGE),
    };
    const isLast = !retryAt || row.attempts >= row.maxAttempts;
    const next = isLast
      ? ({ status: "failed", runAt: null, finishedAt: new Date() } as const)
      : ({ status: "queued", runAt: retryAt } as const);
    await row.update({ ...next, worker: null, errors: [...row.errors, error] }, { transaction });
    return true;
  });
}

/** Gives back what a worker that stops has not finished: the attempt does not count. */
export async function giveBack(worker: string) {
  await transaction(async (transaction) => {
    await sequelize.query(
      `UPDATE jobs SET status = 'queued', worker = NULL, attempts = attempts - 1
       WHERE worker = :worker AND status = 'running'`,
      { replacements: { worker }, transaction },
    );
    await tellWorkers(transaction);
  });
}

/** Every job that is held, with the beat that tells whether its worker lives. */
export function held(): Promise<Held[]> {
  return select<Held>(
    `SELECT id, name, attempts, max_attempts AS "maxAttempts", worker, beat FROM jobs WHERE status = 'running'`,
  );
}
