/** Real processes of the command line, and databases for them. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Sequelize } from "sequelize";
import { connect } from "#models/database.server";
import { onServer, withDatabase } from "../helpers/template-database";

/** Milliseconds that a test of several processes may take on a busy machine. */
export const LONG = 120_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface How {
  /** Its environment beside PATH. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** What it reads on its standard input. */
  input?: string;
}

/** Runs `npm run manage -- …args` to its end, on the database of the test file where `env` names no other. */
export function manage(args: string[], how: How = {}): Promise<Ended> {
  return ended(startTypescript("manage.ts", args, how));
}

/** Starts a TypeScript file of the project. */
export function startTypescript(file: string, args: string[], how: How = {}) {
  const tsx = ["node_modules/tsx/dist/cli.mjs", "--tsconfig", resolve("tsconfig.json"), resolve(file)];
  return startNode([resolve(tsx[0]!), ...tsx.slice(1), ...args], how);
}

/** Starts Node. */
export function startNode(args: string[], { env, cwd, input }: How = {}) {
  const { PATH, DATABASE_URL, UPLOADS, TMPDIR = tmpdir() } = process.env;
  const given: Record<string, string | undefined> = { PATH, UPLOADS, ...(env ?? { DATABASE_URL, TMPDIR }) };
  const child = spawn(process.execPath, args, { cwd, env: given as NodeJS.ProcessEnv });
  if (input !== undefined) child.stdin.end(input);
  return child;
}

/** What a process wrote, and its exit code. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    written.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    written.stderr += chunk;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, ...written };
}

export interface OwnDatabase {
  url: string;
  /** Asks it on a connection of its own, which is closed after. */
  ask<T>(work: (sequelize: Sequelize) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

/** A database that was never migrated; on SQLite a file that is not there yet. */
export async function newDatabase(): Promise<OwnDatabase> {
  const given = process.env.DATABASE_URL ?? "";
  const postgres = given.startsWith("postgres");
  const name = `tenfold_${randomUUID().replaceAll("-", "")}`;
  const folder = mkdtempSync(join(tmpdir(), "tenfold-manage-"));
  const url = postgres ? withDatabase(given, name) : `sqlite:${join(folder, `${name}.sqlite`)}`;
  if (postgres) await onServer(given, `CREATE DATABASE ${name}`);
  return {
    url,
    async ask(work) {
      const sequelize = connect(url);
      try {
        return await work(sequelize);
      } finally {
        await sequelize.close();
      }
    },
    async remove() {
      if (postgres) await onServer(given, `DROP DATABASE ${name} WITH (FORCE)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
