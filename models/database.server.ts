/** The database connection: what Django's `DATABASES` setting and `transaction.atomic` stand for. */
import { AsyncLocalStorage } from "node:async_hooks";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type Attributes,
  type CreationAttributes,
  type FindOptions,
  type Model,
  type ModelStatic,
  Op,
  type ProjectionAlias,
  QueryTypes,
  Sequelize,
  type Transaction,
  Utils,
} from "sequelize";
import { singleton } from "./singleton.server";
import { closeFailed, closeSpares, driver } from "./sqlite.server";

export const DEFAULT_DATABASE_URL = "sqlite:data/tenfold.sqlite";

/**
 * Opens nothing yet: the first query does. `url` is `sqlite:<path>` or `postgres://…`.
 *
 * @throws Error when the URL is of another kind.
 */
export function connect(url: string): Sequelize {
  const shared = { logging: false, define: { underscored: true } } as const;
  if (url.startsWith("sqlite:")) {
    const sqlite = new Sequelize({
      ...shared,
      dialect: "sqlite",
      dialectModule: driver,
      storage: resolve(url.slice("sqlite:".length)),
      transactionType: "IMMEDIATE" as Transaction.TYPES,
      // Another process is writing: 60 tries, 3 ms apart at first, about 9 s in all.
      retry: { match: [/SQLITE_BUSY/], max: 60, backoffBase: 3, backoffExponent: 1.1 },
    });
    closeFailed(sqlite);
    return sqlite;
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    return new Sequelize(url, { ...shared, dialect: "postgres", pool: { max: 10, acquire: 10_000 } });
  }
  throw new Error(`DATABASE_URL must start with sqlite: or postgres://, not ${url.split(":")[0]}:`);
}

export const sequelize = singleton("sequelize", () =>
  connect(process.env.DATABASE_URL || DEFAULT_DATABASE_URL),
);

/** Which of the two databases it is, where they differ. */
export const isSqlite = () => sequelize.getDialect() === "sqlite";
export const isPostgres = () => sequelize.getDialect() === "postgres";

const current = singleton("transaction", () => new AsyncLocalStorage<Transaction>());
const running = singleton("transactions running", () => ({ count: 0 }));
const waiting = singleton("after commit", () => new WeakMap<Transaction, (() => unknown)[]>());
const unanswered = singleton("commits without an answer", () => new WeakSet<object>());
const line = singleton("writers", () => ({ last: Promise.resolve() as Promise<unknown> }));
const background = singleton("work in the background", () => new Set<Promise<unknown>>());

/**
 * Runs `work` in a transaction: committed when it resolves, rolled back when it throws. Everything in it is
 * told `{ transaction }`. SQLite has one writer at a time, so there they queue, first come, first served.
 *
 * @throws Error when called inside another transaction, where it would wait for itself.
 */
export function transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  if (current.getStore()) {
    throw new Error("transaction() inside a transaction: pass { transaction } on instead.");
  }
  const callbacks: (() => unknown)[] = [];
  let isWorkDone = false;
  const run = () => {
    running.count += 1;
    return sequelize
      .transaction(async (transaction) => {
        waiting.set(transaction, callbacks);
        const result = await current.run(transaction, () => work(transaction));
        isWorkDone = true;
        return result;
      })
      .catch((error: object) => {
        if (isWorkDone) unanswered.add(error);
        throw error;
      })
      .finally(() => {
        running.count -= 1;
        // Until Node 24 a storage in use makes every promise of the process dearer.
        if (running.count === 0) current.disable();
      });
  };
  return inTurn(run).then(async (result) => {
    for (const callback of callbacks) await Promise.resolve().then(callback).catch(warn);
    return result;
  });
}

/** Runs `work` in the caller's transaction; where there is none, in one of its own. */
export const inTransaction = <T>(
  given: Transaction | undefined,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> => (given ? work(given) : transaction(work));

const DEADLOCK = "40P01";
const TRIES = 5;
/** Milliseconds before the next try, so that the others go first. */
const PAUSE = 50;

/**
 * Like `transaction`, and anew where Postgres has given it up because it and others waited for each other's rows: then it has
 * done nothing. `work` may run several times, so it reads the rows that it changes itself: one from outside would keep what it
 * was set to, and not be saved again.
 */
export async function retryingTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction(work);
    } catch (error) {
      const { original } = error as { original?: { code?: string } };
      if (original?.code !== DEADLOCK || tries === TRIES) throw error;
    }
    await setTimeout(PAUSE);
  }
}

function inTurn<T>(run: () => Promise<T>): Promise<T> {
  if (!isSqlite()) return run();
  const turn = line.last.then(run);
  line.last = turn.catch(() => {});
  return turn;
}

/** Holds a name until the transaction ends: others that want it wait. On SQLite there are no others. */
export async function hold(name: string, transaction: Transaction) {
  if (!isPostgres()) return;
  const options = { bind: { name }, transaction };
  await sequelize.query("SELECT pg_advisory_xact_lock(hashtextextended($name, 0))", options);
}

/**
 * Has `callback` called once this transaction of `transaction()` has committed, and never where it has not. Sequelize's own
 * `afterCommit` calls it also where the COMMIT failed, and rejects what has committed where the callback does: here that is a
 * warning of the process.
 */
export function afterCommit(transaction: Transaction, callback: () => unknown) {
  const callbacks = waiting.get(transaction);
  if (!callbacks) throw new Error("afterCommit() waits for a transaction of transaction().");
  callbacks.push(callback);
}

/** What is committed stays so, whatever comes after it. */
const warn = (error: Error) => process.emitWarning(error.stack ?? String(error));

/**
 * Whether what `transaction()` threw came of the COMMIT. Then it may be stored all the same: a connection that breaks tells
 * nothing. Of any other error nothing is stored.
 */
export const mayHaveCommitted = (error: unknown) => unanswered.has(error as object);

/** Milliseconds that `settled` waits for others. */
const SETTLED_WITHIN = 10_000;

/**
 * Waits until each transaction that has written rows of a model by now has ended: the server may still be at the COMMIT of one
 * whose connection broke. On SQLite none outlives its connection.
 *
 * @throws Error where it takes longer than 10 s.
 */
export async function settled(model: ModelStatic<Model>) {
  if (isSqlite()) return;
  const lock = `SET LOCAL lock_timeout = ${SETTLED_WITHIN}; LOCK TABLE ${quoted(model.tableName)} IN SHARE MODE`;
  await transaction((transaction) => sequelize.query(lock, { transaction }));
}

/** What Sequelize makes its statements with. */
const generator = () =>
  sequelize.getQueryInterface().queryGenerator as {
    selectQuery(table: unknown, options: object, model: unknown): string;
    quoteIdentifiers(name: string): string;
  };

/** A name in SQL: `todo.title` is a column of what is called `todo`. */
export const quoted = (name: string) => generator().quoteIdentifiers(name);

/** A page of a list: rows to pass over, and rows to take. */
export interface Slice {
  offset: number;
  limit: number;
}

export type SelectOptions<M extends Model> = Pick<
  FindOptions<Attributes<M>>,
  "where" | "order" | "limit" | "offset" | "lock" | "paranoid"
> & { attributes: (string | ProjectionAlias)[] };

/** The SELECT that `model.findAll(options)` would send, to be part of another statement. */
export function selectSql<M extends Model>(
  model: ModelStatic<M>,
  { where = {}, paranoid = true, ...rest }: SelectOptions<M>,
): string {
  const kept = model.options.paranoid && paranoid ? { [Op.and]: [where, { deletedAt: null }] } : where;
  const options = { ...rest, where: kept } as object;
  const sql = generator().selectQuery(model.getTableName(), Utils.mapFinderOptions(options, model), model);
  return sql.replace(/;$/, "");
}

/**
 * Adds rows in one statement, like `bulkCreate`, and knows their ids on SQLite too: there the transaction is the only
 * writer, and ids follow each other.
 */
export async function createAll<M extends Model>(
  model: ModelStatic<M>,
  values: CreationAttributes<M>[],
  transaction: Transaction,
): Promise<M[]> {
  const rows = await model.bulkCreate(values, { transaction, returning: true });
  if (!isSqlite() || rows.length === 0) return rows;
  const options = { type: QueryTypes.SELECT, transaction } as const;
  const [last] = await sequelize.query<{ id: number }>("SELECT last_insert_rowid() AS id", options);
  const before = last!.id - rows.length;
  for (const [index, row] of rows.entries()) row.setDataValue("id" as never, (before + 1 + index) as never);
  return rows;
}

/**
 * Begins work that nobody waits for, but the close of the database: such as a note that what is asked for can do without.
 * Where it fails that is a warning of the process.
 */
export function inBackground(work: () => Promise<unknown>) {
  const done: Promise<unknown> = work()
    .catch(warn)
    .finally(() => background.delete(done));
  background.add(done);
}

/** Whether the database answers; rejects with the reason where it does not. */
export async function ping() {
  await sequelize.query("SELECT 1");
  return true;
}

let closing: Promise<void> | undefined;

/** Closes every connection, once the writers in line and in the background are done. A second call waits for the first. */
export const disconnect = () => (closing ??= close());

async function close() {
  await Promise.all([line.last, ...background]);
  await sequelize.close();
  if (isSqlite()) {
    await closeSpares((sequelize as unknown as { options: { storage: string } }).options.storage);
  }
}
