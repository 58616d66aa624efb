/** A database and a folder of uploads of its own for each test file, both empty at the start of each test. */

import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, inject } from "vitest";
import { onServer, withDatabase } from "./template-database";

const template = inject("template");
const postgres = template.startsWith("postgres");
const copy = await copyOf(template);
process.env.DATABASE_URL = copy;
const uploads = mkdtempSync(join(tmpdir(), "tenfold-uploads-"));
process.env.UPLOADS = uploads;

const { sequelize, disconnect } = await import("#models/database.server");

beforeEach(async () => {
  // A model that needs another is defined after it.
  const models = Object.values(sequelize.models).reverse();
  for (const model of models) await model.destroy({ where: {}, force: true, hooks: false });
  rmSync(uploads, { recursive: true, force: true });
});

afterAll(async () => {
  await disconnect();
  await remove(copy);
  rmSync(uploads, { recursive: true, force: true });
});

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
