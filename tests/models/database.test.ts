import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataTypes, QueryTypes, type Transaction } from "sequelize";
import sqlite3 from "sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { afterCommit, connect, sequelize, transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { failingCommit } from "../helpers/commits";
import { statementsOf } from "../helpers/statements";

/** How many connections Sequelize holds to SQLite, beside the one for what needs no transaction. */
const held = ({ connectionManager }: object & { connectionManager?: unknown }) =>
  Object.keys((connectionManager as { connections: object }).connections).filter((id) => id !== "default")
    .length;

/** A raw connection to a file, whose statements run in order. */
function raw(file: string) {
  const database = new sqlite3.Database(file);
  return {
    run: (sql: string) =>
      new Promise<void>((done, failed) => database.exec(sql, (error) => (error ? failed(error) : done()))),
    close: () => new Promise((done) => database.close(done)),
  };
}

const PRAGMAS = ["journal_mode", "foreign_keys", "synchronous"];

async function pragmas(transaction?: Transaction) {
  const rows = await Promise.all(
    PRAGMAS.map((name) => sequelize.query(`PRAGMA ${name}`, { type: QueryTypes.SELECT, transaction })),
  );
  return Object.assign({}, ...rows.flat());
}

// Postgres has no such settings.
const onSqlite = sequelize.getDialect() === "sqlite" ? it : () => {};

describe("a connection", () => {
  it("refuses a URL of another kind by its name", () => {
    expect(() => connect("mysql://localhost/x")).toThrow(
      "DATABASE_URL must start with sqlite: or postgres://, not mysql:",
    );
  });
  onSqlite("to SQLite uses WAL, foreign keys and synchronous=FULL, in and out of transactions", async () => {
    const expected = { journal_mode: "wal", foreign_keys: 1, synchronous: 2 };
    expect(await pragmas()).toEqual(expected);
    expect(await transaction(pragmas)).toEqual(expected);
  });
  onSqlite(
    "to a new file of SQLite comes about once others, who keep it from becoming a WAL one, let go of it",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "tenfold-new-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const file = join(folder, "new.sqlite");
      const other = raw(file);
      await other.run("CREATE TABLE held (id); BEGIN; SELECT * FROM held");
      const opened = connect(`sqlite:${file}`);
      const mode = opened.query("PRAGMA journal_mode", { type: QueryTypes.SELECT });
      // Longer than SQLite waits by itself.
      await new Promise((wait) => setTimeout(wait, 5_500));
      await other.run("COMMIT");
      expect(await mode).toEqual([{ journal_mode: "wal" }]);
      await opened.close();
      await other.close();
    },
  );
  onSqlite("that could not be opened does not stay open, and is made anew by the next query", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tenfold-new-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "broken.sqlite");
    writeFileSync(file, "This is no database, however long one looks at it.".repeat(20));
    const opened = connect(`sqlite:${file}`);
    await expect(opened.query("SELECT 1")).rejects.toThrow("SQLITE_NOTADB");
    await expect(opened.transaction(async () => {})).rejects.toThrow("SQLITE_NOTADB");
    const open = readdirSync("/proc/self/fd").filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === file;
      } catch {
        return false;
      }
    });
    expect([held(opened), open]).toEqual([0, []]);
    rmSync(file);
    expect(await opened.query("SELECT 1 AS one", { type: QueryTypes.SELECT })).toEqual([{ one: 1 }]);
    await opened.close();
  });
});

describe("rows", () => {
  it("are read by the types that their table has by now, also when it changes in a transaction", async () => {
    const attributes = { at: DataTypes.DATE };
    const Moment = sequelize.define("moment", attributes, { timestamps: false, freezeTableName: true });
    const queries = sequelize.getQueryInterface();
    const at = new Date("2026-01-02T03:04:05.678Z");
    await queries.createTable("moment", { id: { type: DataTypes.INTEGER, primaryKey: true } });
    expect(await Moment.findAll({ attributes: ["id"] })).toEqual([]);
    await transaction((transaction) =>
      queries.addColumn("moment", "at", { type: DataTypes.DATE }, { transaction }),
    );
    await Moment.create({ id: 1, at });
    expect((await Moment.findByPk(1))?.get("at")).toEqual(at);
    await Moment.drop();
    sequelize.modelManager.removeModel(Moment);
  });
});

describe("a transaction", () => {
  onSqlite("begins as IMMEDIATE, so that it never has to give up half-way", async () => {
    const [first] = await statementsOf(() => transaction(async () => {}));
    expect(first).toBe("BEGIN IMMEDIATE TRANSACTION;");
  });
  it("commits all or nothing", async () => {
    const failing = transaction(async (transaction) => {
      await Group.create({ name: "gone" }, { transaction });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await Group.count()).toBe(0);
  });
  it("inside another is refused instead of waiting for itself", async () => {
    await expect(transaction(() => transaction(async () => {}))).rejects.toThrow("pass { transaction } on");
  });
  onSqlite("that could not begin, because another process writes, leaves no connection behind", async () => {
    const { storage } = (sequelize as unknown as { options: { storage: string } }).options;
    const other = raw(storage);
    await other.run("BEGIN IMMEDIATE");
    const before = held(sequelize);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    await expect(transaction(async () => {})).rejects.toThrow("SQLITE_BUSY");
    expect(held(sequelize)).toBe(before);
    await other.run("COMMIT");
    await other.close();
    expect(await transaction(async () => "goes on")).toBe("goes on");
  });
  it("whose commit fails leaves no connection behind, nor keeps others from writing", async () => {
    failingCommit("no room on the disk");
    const isSqlite = sequelize.getDialect() === "sqlite";
    const before = isSqlite && held(sequelize);
    const failing = transaction((transaction) => Group.create({ name: "gone" }, { transaction }));
    await expect(failing).rejects.toThrow("no room on the disk");
    expect(isSqlite && held(sequelize)).toBe(before);
    await transaction((transaction) => Group.create({ name: "next" }, { transaction }));
    expect((await Group.findAll()).map(({ name }) => name)).toEqual(["next"]);
  });
  it("that failed does not spoil the next one", async () => {
    for (let round = 0; round < 10; round++) {
      await transaction(async () => Promise.reject(new Error("no"))).catch(() => {});
      await transaction((transaction) => Group.create({ name: `round ${round}` }, { transaction }));
    }
    expect(await Group.count()).toBe(10);
  });
});

describe("what waits for a commit", () => {
  it("is done once it has, in its order, and may have a transaction of its own", async () => {
    const done: string[] = [];
    await transaction(async (transaction) => {
      afterCommit(transaction, async () => done.push(`${await Group.count()} group`));
      afterCommit(transaction, () => done.push("second"));
      await Group.create({ name: "new" }, { transaction });
    });
    expect(done).toEqual(["1 group", "second"]);
    await transaction(async (outer) => {
      afterCommit(outer, () =>
        transaction((transaction) => Group.create({ name: "after" }, { transaction })),
      );
    });
    expect(await Group.count()).toBe(2);
  });
  it("is never done where the commit failed, or the work before it", async () => {
    const done = vi.fn();
    failingCommit("no room on the disk");
    await expect(transaction(async (transaction) => afterCommit(transaction, done))).rejects.toThrow("room");
    const failing = transaction(async (transaction) => {
      afterCommit(transaction, done);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(done).not.toHaveBeenCalled();
  });
  it("is a warning where it fails: what is committed stays so, and what comes after is done", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const done = vi.fn();
    const committed = transaction(async (transaction) => {
      afterCommit(transaction, () => Promise.reject(new Error("the file cannot be deleted")));
      afterCommit(transaction, done);
      return "committed";
    });
    expect(await committed).toBe("committed");
    expect(done).toHaveBeenCalledOnce();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("Error: the file cannot be deleted"));
  });
});

describe("parallel writers", () => {
  it("fifty transactions that read and write lose no update, and none is told that the database is busy", async () => {
    const Counter = sequelize.define("counter", { value: DataTypes.INTEGER }, { timestamps: false });
    await Counter.sync();
    await Counter.create({ id: 1, value: 0 });
    const add = () =>
      transaction(async (transaction) => {
        const row = await Counter.findByPk(1, {
          transaction,
          lock: transaction.LOCK.UPDATE,
          rejectOnEmpty: true,
        });
        await row.update({ value: (row.get("value") as number) + 1 }, { transaction });
      });
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await Counter.findByPk(1))?.get("value")).toBe(50);
    await Counter.drop();
    sequelize.modelManager.removeModel(Counter);
  });
  it("fifty transactions and fifty single writes go side by side", async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => [
        transaction((transaction) => Group.create({ name: `in ${n}` }, { transaction })),
        Group.create({ name: `out ${n}` }),
      ]).flat(),
    );
    expect(await Group.count()).toBe(100);
  });
});
