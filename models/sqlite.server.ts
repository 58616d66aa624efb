/**
 * The SQLite driver, named here and nowhere else, so that it can be swapped. Sequelize takes it as its
 * `dialectModule`.
 */
import sqlite3 from "sqlite3";

type Callback = (error: Error | null) => void;
type Run = (sql: string, ...rest: unknown[]) => unknown;
type Rows = (error: Error | null, rows: unknown[]) => void;

/**
 * A commit is on disk before it is acknowledged (`synchronous=FULL`), readers never wait for the writer (WAL).
 *
 * The busy timeout ends at 0: SQLite would sleep through it on one of libuv's four threads, and four sleeping
 * writers leave no thread for the commit they wait for. Sequelize repeats a busy statement instead
 * (`retry` in database.server.ts), which waits without holding a thread.
 */
const PRAGMAS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 0;
`;

/** Milliseconds for which a connection is prepared anew while others keep it from being so, and between two tries. */
const PATIENCE = 10_000;
const PAUSE = 20;

/** Connections whose transaction has ended, by file. Opening one anew costs more than a small transaction. */
const spares = new Map<string, sqlite3.Database[]>();
const SPARES_KEPT = 2;

/** The types of columns, by file and by the statement that asks for them. */
const columnsOf = new Map<string, Map<string, unknown[]>>();

/**
 * Spares Sequelize two things that take longer than most of its statements. It runs each alone on its connection; those
 * that read need not be, while one that writes would commit or roll back with another. And it asks anew each time for the
 * types of a table's columns, which stay the same until a statement that changes a table. A migration by another process
 * changes tables that this one's models do not know.
 */
function hasten(connection: sqlite3.Database, file: string) {
  const alone = connection.serialize.bind(connection);
  const all: Run = connection.all.bind(connection);
  const run: Run = connection.run.bind(connection);
  const columns = columnsOf.get(file) ?? new Map<string, unknown[]>();
  columnsOf.set(file, columns);

  const typesOfColumns = (sql: string, done: Rows) => {
    const known = columns.get(sql);
    if (known) return done(null, known);
    all(sql, (error: Error | null, rows: unknown[]) => {
      if (!error) columns.set(sql, rows);
      done(error, rows);
    });
  };
  Object.assign(connection, {
    serialize: (work: () => void) => work(),
    all(sql: string, ...rest: unknown[]) {
      if (sql.startsWith("PRAGMA table_info(")) return typesOfColumns(sql, rest.at(-1) as Rows);
      if (/^\s*SELECT\b/i.test(sql)) return all(sql, ...rest);
      if (/^\s*(CREATE|ALTER|DROP)\b/i.test(sql)) columns.clear();
      alone(() => all(sql, ...rest));
    },
    run(sql: string, ...rest: unknown[]) {
      alone(() => run(sql, ...rest));
    },
  });
}

/**
 * Whoever is first makes a new file a WAL one, for which it has to be alone. Of several that try at the same moment SQLite
 * refuses all but one, without waiting, lest they wait for each other.
 */
function prepare(connection: sqlite3.Database, done: Callback, until = Date.now() + PATIENCE) {
  connection.exec(PRAGMAS, (error) => {
    const isBusy = error && "code" in error && error.code === "SQLITE_BUSY";
    if (isBusy && Date.now() < until) setTimeout(prepare, PAUSE, connection, done, until);
    else done(error);
  });
}

/** Sequelize opens a connection for every transaction and closes it after: here it gets back a used one. */
function Database(file: string, mode: number, callback: Callback): sqlite3.Database {
  const spare = spares.get(file)?.pop();
  if (spare) {
    queueMicrotask(() => callback(null));
    return spare;
  }
  let opened = true;
  const connection = new sqlite3.Database(file, mode, (error) => {
    opened = !error;
    if (error) return callback(error);
    prepare(connection, (error) => {
      if (error) connection.close(() => callback(error));
      else callback(null);
    });
  });
  hasten(connection, file);
  const close = connection.close.bind(connection);
  connection.close = (done?: Callback) => {
    const idle = spares.get(file);
    // What never opened would never say that it is closed.
    if (!opened) return done?.(null);
    if (done || !idle || idle.length >= SPARES_KEPT) return close(done);
    // A transaction that could not even roll back must not be inherited; without one this is a refused no-op.
    connection.exec("ROLLBACK", () => (spares.has(file) ? idle.push(connection) : close()));
  };
  if (!spares.has(file)) spares.set(file, []);
  return connection;
}

/** Closes the spare connections to `file`; until the next connect none is kept. */
export async function closeSpares(file: string) {
  const idle = spares.get(file) ?? [];
  spares.delete(file);
  await Promise.all(idle.map((connection) => new Promise((done) => connection.close(done))));
}

interface Connections {
  connections: Record<string, sqlite3.Database>;
  getConnection(options?: { uuid?: string }): Promise<sqlite3.Database>;
  destroyConnection(connection: sqlite3.Database & { uuid: string }): Promise<void>;
}

/**
 * Has Sequelize let go of connections that fail. One whose transaction could not begin or end it looks for in a pool, in which
 * those to SQLite are not: left open, it could keep everybody from writing for good. One that could not be opened it would
 * hand out again and again.
 */
export function closeFailed(sequelize: { connectionManager: unknown }) {
  const manager = sequelize.connectionManager as Connections;
  const open = manager.getConnection.bind(manager);
  manager.getConnection = (options) =>
    open(options).catch((error: unknown) => {
      delete manager.connections[options?.uuid ?? "default"];
      throw error;
    });
  manager.destroyConnection = (connection) => {
    delete manager.connections[connection.uuid];
    return new Promise((done) => connection.close(() => done()));
  };
}

export const driver = { ...sqlite3, Database };
