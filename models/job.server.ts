/** Jobs that wait, run, are done or have failed: the table behind services/jobs. How workers hold them: job-lease. */
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
import { isSqlite, sequelize, transaction } from "./database.server";
import { tellWorkers } from "./job-signal.server";
import { rowsOf, select, stored } from "./sql.server";
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

/** Jobs that one statement adds: how many values it may hold is limited, and SQLite takes long to find each of many. */
const ADDED_AT_ONCE = 100;

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
    const ids: number[] = [];
    for (let start = 0; start < jobs.length; start += ADDED_AT_ONCE)
      ids.push(...(await insert(jobs.slice(start, start + ADDED_AT_ONCE), transaction)));
    if (ids.length > 0) await tellWorkers(transaction);
    return ids;
  }

  /** Queues those of a name and these keys again that are through, whatever has become of them, with all attempts. */
  static async again(name: string, keys: string[], transaction: Transaction) {
    const where = { name, key: keys, status: ["done", "failed", "discarded"] };
    await Job.update({ ...AGAIN }, { where, transaction });
    await tellWorkers(transaction);
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

  /** How many jobs there are in each state. */
  static async counts(): Promise<Record<JobState, number>> {
    const rows = await select<{ status: JobState; count: number | string }>(
      "SELECT status, COUNT(*) AS count FROM jobs GROUP BY status",
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

/** In one statement, which adds at least one. @returns the ids of those that there were none of yet. */
async function insert(jobs: NewJob[], transaction: Transaction): Promise<number[]> {
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
    `INSERT ${isSqlite() ? "OR IGNORE" : ""} INTO jobs
       (name, payload, key, status, attempts, max_attempts, run_at, beat, errors, created_at)
     VALUES ${values.sql} ${isSqlite() ? "" : "ON CONFLICT (name, key) DO NOTHING"} RETURNING id`,
    { type: QueryTypes.SELECT, transaction, bind: values.bind },
  );
  return rows.map(({ id }) => id);
}

/** What a job that has not begun yet is. */
const AGAIN = { status: "queued", attempts: 0, runAt: null, finishedAt: null } as const;

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
