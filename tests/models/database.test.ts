import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataTypes, QueryTypes, type Transaction } from "sequelize";
import sqlite3 from "sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, sequelize, transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { statementsOf } from "../helpers/statements";

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
      const other = new sqlite3.Database(file);
      const run = (sql: string) =>
        new Promise<void>((done, failed) => other.exec(sql, (error) => (error ? failed(error) : done())));
      await run("CREATE TABLE held (id); BEGIN; SELECT * FROM held");
      const opened = connect(`sqlite:${file}`);
      const mode = opened.query("PRAGMA journal_mode", { type: QueryTypes.SELECT });
      // Longer than SQLite waits by itself.
      await new Promise((wait) => setTimeout(wait, 5_500));
      await run("COMMIT");
      expect(await mode).toEqual([{ journal_mode: "wal" }]);
      await opened.close();
      await new Promise((done) => other.close(done));
    },
    20_000,
  );
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
  it("that failed does not spoil the next one", async () => {
    for (let round = 0; round < 10; round++) {
      await transaction(async () => Promise.reject(new Error("no"))).catch(() => {});
      await transaction((transaction) => Group.create({ name: `round ${round}` }, { transaction }));
    }
    expect(await Group.count()).toBe(10);
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
