/** The command line, mostly in real processes, and databases for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Sequelize } from "sequelize";
import { expect, onTestFinished, vi } from "vitest";
import { connect } from "#models/database.server";
import { run } from "~/manage/run";
import { onServer, withDatabase } from "../helpers/template-database";

export { LONG } from "../helpers/server";

/** The command line as it is deployed. */
export const BUILT = resolve("build/manage.js");

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

/** Runs a command to its end as it was built, on the database of the test file where `env` names no other. */
export function manage(args: string[], how: How = {}): Promise<Ended> {
  return ended(startNode([BUILT, ...args], how));
}

/** What a command answers before it begins its work, such as help or wrong usage: without a process of its own. */
export async function manageHere(args: string[]): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    }),
  );
  const code = await run(args);
  for (const spy of spies) spy.mockRestore();
  return { code, ...written };
}

/** Runs `npm run manage -- …args` to its end: the same from its source. */
export function manageFromSource(args: string[], how: How = {}): Promise<Ended> {
  const { manage } = JSON.parse(readFileSync("package.json", "utf8")).scripts as { manage: string };
  expect(manage).toBe("tsx manage.ts");
  return ended(startNode(["node_modules/tsx/dist/cli.mjs", "manage.ts", ...args], how));
}

/** Bundles a program as the build does, so that several of it start quickly. @returns its file. */
export async function bundled(file: string): Promise<string> {
  const outdir = mkdtempSync(resolve("build/program-"));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const { build } = await import("esbuild");
  await build({
    entryPoints: [file],
    outdir,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  return join(outdir, basename(file).replace(/ts$/, "js"));
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

/** A new database until the test ends. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const database = await newDatabase();
  onTestFinished(database.remove);
  return database;
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
