/**
 * Jobs that wait, run, are done or have failed: the table behind services/jobs. A worker holds a job by its own name,
 * the number of the attempt, and a beat that it raises while it lives. What it does counts only while it holds the job.
 */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  QueryTypes,
  type Transaction,
} from "sequelize";
import { rowsOf, sequelize, stored, transaction } from "./database.server";
import { singleton } from "./singleton.server";
import { daysAgo } from "./time";

export const JOB_STATES = ["queued", "running", "done", "failed", "discarded"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** One attempt that came to nothing. */
export interface JobError {
  attempt: number;
  at: string;
  message: string;
}

/** What is to be done. */
export interface NewJob {
  name: string;
  payload: object;
  /** At most this often. */
  maxAttempts: number;
  /** Not before; without it at once. */
  runAt?: Date | null;
  /** There is one job of a name and key, whatever has become of it. */
  key?: string | null;
}

/** How far a job has come. */
export interface Standing {
  key: string | null;
  state: JobState;
  /** How often it was begun. */
  attempts: number;
  errors: JobError[];
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

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

/** Somebody else has taken the job over: what was done for it does not count. */
export class LeaseLost extends Error {
  constructor() {
    super("The job is somebody else's by now.");
  }
}

/** Milliseconds. No attempt is put off further than this, so what is, was by a clock that has been set back since. */
export const LONGEST_BACKOFF = 10 * 60 * 1000;
const LONGEST_MESSAGE = 2_000;
const CHANNEL = "tenfold_jobs";

export class Job extends Model<InferAttributes<Job>, InferCreationAttributes<Job>> {
  declare id: CreationOptional<number>;
  declare name: string;
  declare payload: object;
  declare key: CreationOptional<string | null>;
  declare status: CreationOptional<JobState>;
  declare attempts: CreationOptional<number>;
  declare maxAttempts: number;
  /** Not before; null is at once, so that a clock that is set back puts nothing off. */
  declare runAt: CreationOptional<Date | null>;
  /** Who runs it. */
  declare worker: CreationOptional<string | null>;
  /** Rises while the worker lives. */
  declare beat: CreationOptional<number>;
  declare errors: CreationOptional<JobError[]>;
  declare createdAt: CreationOptional<Date>;
  declare startedAt: CreationOptional<Date | null>;
  declare finishedAt: CreationOptional<Date | null>;

  static readonly noted: (keyof Attributes<Job>)[] = ["name", "status", "attempts", "runAt"];

  /**
   * Adds a job in the caller's transaction: it is there if that commits, and never was if it does not. Workers are told
   * at the commit.
   *
   * @returns its id, or null where there is one of this name and key already.
   */
  static async add(job: NewJob, transaction: Transaction): Promise<number | null> {
    const [id] = await Job.addAll([job], transaction);
    return id ?? null;
  }

  /** Adds many as `add` does. @returns the ids of those that there were none of yet. */
  static async addAll(jobs: NewJob[], transaction: Transaction): Promise<number[]> {
    if (jobs.length === 0) return [];
    const isSqlite = sequelize.getDialect() === "sqlite";
    const now = stored(new Date());
    const values = rowsOf(
      jobs.map(({ name, payload, key, maxAttempts, runAt }) => [
        name,
        JSON.stringify(payload),
        key ?? null,
        "queued",
        0,
        maxAttempts,
        runAt ? stored(runAt) : null,
        0,
        "[]",
        now,
      ]),
    );
    const rows = await sequelize.query<{ id: number }>(
      // Sequelize asks SQLite for no rows of what begins with INSERT INTO.
      `INSERT ${isSqlite ? "OR IGNORE" : ""} INTO jobs
         (name, payload, key, status, attempts, max_attempts, run_at, beat, errors, created_at)
       VALUES ${values.sql} ${isSqlite ? "" : "ON CONFLICT (name, key) DO NOTHING"} RETURNING id`,
      { type: QueryTypes.SELECT, transaction, bind: values.bind },
    );
    if (rows.length > 0) await Job.tell(transaction);
    return rows.map(({ id }) => id);
  }

  /** Tells workers, once this has committed, that there is something to do. */
  private static async tell(transaction: Transaction) {
    if (sequelize.getDialect() === "sqlite") transaction.afterCommit(() => tellWorkers());
    else await sequelize.query(`NOTIFY ${CHANNEL}`, { transaction });
  }

  /** Queues those of a name and these keys again that are through, whatever has become of them, with all attempts. */
  static async again(name: string, keys: string[], transaction: Transaction) {
    const where = { name, key: keys, status: ["done", "failed", "discarded"] };
    await Job.update({ ...AGAIN }, { where, transaction });
    await Job.tell(transaction);
  }

  /** How those of a name and these keys stand: those that there are, and are still there. */
  static async standing(name: string, keys: string[]): Promise<Standing[]> {
    if (keys.length === 0) return [];
    const jobs = await Job.findAll({ where: { name, key: keys } });
    return jobs.map(({ key, status: state, attempts, errors, createdAt, startedAt, finishedAt }) => ({
      key,
      state,
      attempts,
      errors,
      createdAt,
      startedAt: startedAt ?? null,
      finishedAt: finishedAt ?? null,
    }));
  }

  /** The keys of those of a name in one of these states, up to `most`, the newest. */
  static async keysIn(name: string, status: JobState[], most: number): Promise<string[]> {
    const where = { name, status, key: { [Op.ne]: null } } as const;
    const rows = await Job.findAll({
      attributes: ["key"],
      where,
      order: [["id", "DESC"]],
      limit: most,
      raw: true,
    });
    return rows.map(({ key }) => key!);
  }

  /**
   * Takes up to `limit` jobs of these names that are due: first those that have waited for their time. Others wait for
   * a worker that knows them.
   */
  static async claim(worker: string, names: string[], limit: number): Promise<Claimed[]> {
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

  /** Tells that the worker lives, and has these jobs: one that is not heard of for long loses them. */
  static async beatOf(worker: string, ids: number[]) {
    const where = { worker, status: "running", id: ids } as const;
    await transaction((transaction) => Job.increment("beat", { where, transaction }));
  }

  /** Records in the caller's transaction that a job is done. @throws LeaseLost */
  static async complete(job: Claimed, transaction: Transaction) {
    const done = { status: "done", worker: null, finishedAt: new Date() } as const;
    const [count] = await Job.update(done, { where: leaseOf(job), transaction });
    if (count === 0) throw new LeaseLost();
  }

  /** Records that jobs of one worker are done, where nothing else is to be written with it. */
  static async completeAll(jobs: Claimed[]) {
    const done = { status: "done", worker: null, finishedAt: new Date() } as const;
    const where = { id: jobs.map(({ id }) => id), worker: jobs[0]!.worker, status: "running" } as const;
    await transaction((transaction) => Job.update(done, { where, transaction }));
  }

  /**
   * Records an attempt that came to nothing. The job is tried again at `retryAt`; without it, or when it was the last
   * attempt, it has failed. Nothing happens where the worker does not hold it any more.
   */
  static async fail(job: Claimed & { beat?: number }, message: string, retryAt: Date | null) {
    return transaction(async (transaction) => {
      const where = { ...leaseOf(job), ...(job.beat === undefined ? {} : { beat: job.beat }) };
      const row = await Job.findOne({ where, transaction, lock: true });
      if (!row) return false;
      const error = { attempt: row.attempts, at: new Date().toISOString(), message: cut(message) };
      const isLast = !retryAt || row.attempts >= row.maxAttempts;
      const next = isLast
        ? ({ status: "failed", runAt: null, finishedAt: new Date() } as const)
        : ({ status: "queued", runAt: retryAt } as const);
      await row.update({ ...next, worker: null, errors: [...row.errors, error] }, { transaction });
      return true;
    });
  }

  /** Gives back what a worker that stops has not finished: the attempt does not count. */
  static async giveBack(worker: string) {
    await transaction((transaction) =>
      sequelize.query(
        `UPDATE jobs SET status = 'queued', worker = NULL, attempts = attempts - 1
         WHERE worker = :worker AND status = 'running'`,
        { replacements: { worker }, transaction },
      ),
    );
    tellWorkers();
  }

  /** What runs, with the beat that tells whether its worker lives. */
  static running(): Promise<(Claimed & { beat: number })[]> {
    return sequelize.query<Claimed & { beat: number }>(
      `SELECT id, name, attempts, max_attempts AS "maxAttempts", worker, beat FROM jobs WHERE status = 'running'`,
      { type: QueryTypes.SELECT },
    );
  }

  /** How many jobs there are in each state. */
  static async counts(): Promise<Record<JobState, number>> {
    const rows = await sequelize.query<{ status: JobState; count: number | string }>(
      "SELECT status, COUNT(*) AS count FROM jobs GROUP BY status",
      { type: QueryTypes.SELECT },
    );
    const none = Object.fromEntries(JOB_STATES.map((state) => [state, 0]));
    const found = Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
    return { ...none, ...found } as Record<JobState, number>;
  }

  /** Queues a job that has failed or was discarded again, with all its attempts. Of others nothing changes. */
  retry() {
    if (this.status !== "failed" && this.status !== "discarded") return this;
    return this.set({ ...AGAIN });
  }

  /** Keeps a job that waits or has failed from ever running. Of others nothing changes. */
  discard() {
    if (this.status !== "failed" && this.status !== "queued") return this;
    return this.set({ status: "discarded", finishedAt: new Date() });
  }

  /** Deletes what was done more than `days` ago. @returns how many went. */
  static async sweep(days: number) {
    const finishedAt = { [Op.lt]: daysAgo(days) };
    return transaction((transaction) => Job.destroy({ where: { status: "done", finishedAt }, transaction }));
  }
}

/** What a job that has not begun yet is. */
const AGAIN = { status: "queued", attempts: 0, runAt: null, finishedAt: null } as const;

const leaseOf = ({ id, worker, attempts }: Pick<Claimed, "id" | "worker" | "attempts">) =>
  ({ id, worker, attempts, status: "running" }) as const;

async function claimWhere(
  condition: string,
  order: string,
  by: { worker: string; names: string[]; limit: number },
  transaction: Transaction,
): Promise<Claimed[]> {
  const skip = sequelize.getDialect() === "postgres" ? "FOR UPDATE SKIP LOCKED" : "";
  const now = new Date();
  const rows = await sequelize.query<Claimed>(
    `UPDATE jobs SET status = 'running', worker = :worker, beat = 0, attempts = attempts + 1, started_at = :now
     WHERE id IN (SELECT id FROM jobs WHERE status = 'queued' AND name IN (:names) AND (${condition})
       ORDER BY ${order} LIMIT :limit ${skip})
     RETURNING id, name, payload, attempts, max_attempts AS "maxAttempts", worker`,
    {
      type: QueryTypes.SELECT,
      transaction,
      replacements: { ...by, now, horizon: new Date(now.getTime() + 2 * LONGEST_BACKOFF) },
    },
  );
  // The order of RETURNING is nobody's.
  return rows.sort((a, b) => a.id - b.id).map((row) => ({ ...row, payload: fromJson(row.payload) }));
}

/** SQLite keeps JSON as text. */
const fromJson = (value: unknown) => (typeof value === "string" ? JSON.parse(value) : value);

const cut = (message: string) => message.replaceAll("\u0000", "").slice(0, LONGEST_MESSAGE);

const listeners = singleton("job listeners", () => new Set<() => void>());

function tellWorkers() {
  for (const listener of listeners) listener();
}

/**
 * Calls `wake` when there may be a new job: of this process on SQLite, of any process on Postgres. It is a hint;
 * whoever gets none finds the job when they look the next time.
 *
 * @returns what ends it.
 */
export async function onNewJob(wake: () => void): Promise<() => Promise<void>> {
  listeners.add(wake);
  const stopListening = sequelize.getDialect() === "postgres" ? await listen(wake) : null;
  return async () => {
    listeners.delete(wake);
    await stopListening?.();
  };
}

/** A connection of its own that hears NOTIFY; where it breaks it is made anew. */
async function listen(wake: () => void): Promise<() => Promise<void>> {
  const { default: pg } = await import("pg");
  let stopped = false;
  let client: InstanceType<typeof pg.Client> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const connect = async () => {
    const mine = new pg.Client(process.env.DATABASE_URL);
    const retry = () => {
      if (stopped || client !== mine) return;
      client = undefined;
      again = setTimeout(connect, 1_000);
    };
    client = mine;
    mine.on("notification", wake);
    mine.on("error", retry);
    mine.on("end", retry);
    await mine
      .connect()
      .then(() => mine.query(`LISTEN ${CHANNEL}`))
      .then(wake, retry);
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}

Job.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    name: { type: DataTypes.STRING(100), allowNull: false },
    payload: { type: DataTypes.JSON, allowNull: false },
    key: { type: DataTypes.STRING(200) },
    status: {
      type: DataTypes.STRING(10),
      allowNull: false,
      defaultValue: "queued",
      values: [...JOB_STATES],
      validate: { isIn: [[...JOB_STATES]] },
    },
    attempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    maxAttempts: { type: DataTypes.INTEGER, allowNull: false },
    runAt: { type: DataTypes.DATE },
    worker: { type: DataTypes.STRING(36) },
    beat: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    errors: { type: DataTypes.JSON, allowNull: false, defaultValue: [] },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    startedAt: { type: DataTypes.DATE },
    finishedAt: { type: DataTypes.DATE },
  },
  {
    sequelize,
    modelName: "job",
    tableName: "jobs",
    updatedAt: false,
    indexes: [
      { name: "jobs_name_key", fields: ["name", "key"], unique: true },
      { name: "jobs_due", fields: ["status", "run_at", "id"] },
      { name: "jobs_finished_at", fields: ["status", "finished_at"] },
    ],
  },
);
