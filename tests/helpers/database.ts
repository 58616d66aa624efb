/** A database and a folder of uploads of its own for each test file, both empty at the start of each test. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Model, type ModelStatic, QueryTypes } from "sequelize";
import { afterAll, beforeEach, inject } from "vitest";
import { singleton } from "#models/singleton.server";
import { onServer, withDatabase } from "./template-database";

const template = inject("template");
const postgres = template.startsWith("postgres");
const copy = await copyOf(template);
process.env.DATABASE_URL = copy;
const uploads = mkdtempSync(join(tmpdir(), "tenfold-uploads-"));
process.env.UPLOADS = uploads;

const { sequelize, disconnect } = await import("#models/database.server");
const { driver } = await import("#models/sqlite.server");

/** SQLite gives the last first where a statement asks for no order: what relies on one that it happens to have fails. */
const { Database } = driver;
driver.Database = function reversed(file, mode, done) {
  const connection = Database(file, mode, (error) =>
    error ? done(error) : connection.exec("PRAGMA reverse_unordered_selects = ON", done),
  );
  return connection;
};

/** What a transaction asks beside itself takes another connection: many at once would each wait for one of the others'. */
sequelize.addHook("beforeQuery", ({ transaction }) => {
  const running = singleton("transaction", () => new AsyncLocalStorage());
  if (running.getStore() && !transaction) throw new Error("A query in transaction() without { transaction }");
});

beforeEach(async () => {
  const refers = (model: ModelStatic<Model>) =>
    Object.values(model.getAttributes()).some(({ references }) => references);
  const all = Object.values(sequelize.models);
  // What refers to others goes first. Of the rest, what others are built upon goes last: triggers may keep it.
  const models = [...all.filter(refers), ...all.filter((model) => !refers(model)).reverse()];
  const filled = await withRows(models);
  for (const model of models.filter(({ name }) => filled.has(name)))
    await model.destroy({ where: {}, force: true, hooks: false });
  rmSync(uploads, { recursive: true, force: true });
});

afterAll(async () => {
  await disconnect();
  await remove(copy);
  rmSync(uploads, { recursive: true, force: true });
});

/** The names of those that have rows: most tables are empty, and to ask all at once takes less than to empty each. */
async function withRows(models: ModelStatic<Model>[]): Promise<Set<string>> {
  const questions = models.map(
    ({ name, tableName }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM ${tableName})`,
  );
  if (questions.length === 0) return new Set();
  const rows = await sequelize.query<{ name: string }>(questions.join(" UNION ALL "), {
    type: QueryTypes.SELECT,
  });
  return new Set(rows.map(({ name }) => name));
}

async function copyOf(template: string) {
  const name = `tenfold_${randomUUID().replaceAll("-", "")}`;
  if (!postgres) {
    const file = template.slice("sqlite:".length);
    const copy = file.replace("template", name);
    copyFileSync(file, copy);
    return `sqlite:${copy}`;
  }
  await onServer(template, `CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`);
  return withDatabase(template, name);
}

async function remove(url: string) {
  if (postgres) return onServer(url, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(url.slice("sqlite:".length) + suffix, { force: true });
}
