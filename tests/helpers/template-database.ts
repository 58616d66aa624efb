/** A migrated database, made once a run. Each test file gets a copy of it: see database.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the database to copy. */
    template: string;
  }
}

export default async function setup(project: TestProject) {
  const given = process.env.DATABASE_URL;
  const folder = mkdtempSync(join(tmpdir(), "tenfold-"));
  const postgres = given?.startsWith("postgres") ? given : undefined;
  const name = `tenfold_template_${process.pid}`;
  const template = postgres ? withDatabase(postgres, name) : `sqlite:${join(folder, "template.sqlite")}`;
  if (postgres) await onServer(postgres, `CREATE DATABASE ${name}`);

  process.env.DATABASE_URL = template;
  const { migrate } = await import("../../models/migrate.server");
  const { disconnect, sequelize } = await import("../../models/database.server");
  await migrate();
  // Connections that close at the same moment leave it in the log, and copies are made of the file alone.
  if (!postgres) await sequelize.query("PRAGMA wal_checkpoint(TRUNCATE)");
  await disconnect();
  project.provide("template", template);

  return async () => {
    if (postgres) await onServer(postgres, `DROP DATABASE IF EXISTS ${name}`);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The URL of another database on the same server. */
export function withDatabase(url: string, name: string) {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs one statement on the server of `url`, outside of any transaction. */
export async function onServer(url: string, sql: string) {
  const { default: pg } = await import("pg");
  const client = new pg.Client(withDatabase(url, "postgres"));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
