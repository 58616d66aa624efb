/** What tells workers that there is something to do: within the process on SQLite, to every process on Postgres. */
import type { Transaction } from "sequelize";
import { afterCommit, isPostgres, sequelize } from "./database.server";
import { singleton } from "./singleton.server";

const CHANNEL = "tenfold_jobs";
/** Milliseconds after which a connection that broke is made anew. */
const AGAIN = 1_000;

const listeners = singleton("job listeners", () => new Set<() => void>());

/** Tells workers, once this has committed, that there is something to do. */
export async function tellWorkers(transaction: Transaction) {
  if (isPostgres()) await sequelize.query(`NOTIFY ${CHANNEL}`, { transaction });
  else
    afterCommit(transaction, () => {
      for (const listener of listeners) listener();
    });
}

/**
 * Calls `wake` when there may be a new job. It is a hint; whoever gets none finds the job when they look the next time.
 *
 * @returns what ends it.
 */
export async function onNewJob(wake: () => void): Promise<() => Promise<void>> {
  if (isPostgres()) return listen(wake);
  listeners.add(wake);
  return async () => void listeners.delete(wake);
}

/** A connection of its own that hears NOTIFY; where it breaks it is made anew. */
async function listen(wake: () => void): Promise<() => Promise<void>> {
  const { default: pg } = await import("pg");
  let stopped = false;
  let client: InstanceType<typeof pg.Client> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const connect = async () => {
    const mine = new pg.Client({ connectionString: process.env.DATABASE_URL, keepAlive: true });
    const retry = () => {
      if (stopped || client !== mine) return;
      client = undefined;
      // It may be there still, and only not have heard.
      mine.end().catch(() => {});
      again = setTimeout(connect, AGAIN);
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
