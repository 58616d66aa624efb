import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { migrations } from "#models/migrations/index";
import { commands } from "~/manage/commands";
import { ended, LONG, manage, newDatabase, startNode } from "./processes";

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

async function ownDatabase() {
  const database = await newDatabase();
  undo.push(database.remove);
  return database;
}

describe("usage", { timeout: LONG }, () => {
  test("--help lists every command with what it does, and is no failure", async () => {
    const { code, stdout, stderr } = await manage(["--help"]);
    for (const { name, summary } of commands)
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary}$`, "m"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("--help of each command loads it and tells its options", async () => {
    const helps = await Promise.all(commands.map(({ name }) => manage([name, "--help"])));
    expect(helps.map(({ code }) => code)).toEqual(commands.map(() => 0));
    expect(helps[0]?.stdout).toContain("--plan");
  });

  test("without a command it prints its help as an error", async () => {
    const { code, stdout, stderr } = await manage([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: manage");
  });

  test("what it does not know is wrong usage", async () => {
    const wrong = [
      ["migrat"],
      ["--nope"],
      ["migrate", "--nope"],
      ["migrate", "surplus"],
      ["migrate", "--to"],
      ["makemigration"],
    ];
    const answers = await Promise.all(wrong.map((args) => manage(args)));
    for (const { code, stdout, stderr } of answers) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^error: .+\n(\(Did you mean migrate\?\)\n)?\nUsage: manage/);
    }
  });
});

describe("settings", { timeout: LONG }, () => {
  test(".env is read before anything that needs it", async () => {
    const { url, ask } = await ownDatabase();
    const cwd = mkdtempSync(join(tmpdir(), "tenfold-env-"));
    undo.push(() => rmSync(cwd, { recursive: true }));
    writeFileSync(join(cwd, ".env"), `DATABASE_URL=${url}\n`);
    expect(await manage(["migrate"], { cwd, env: {} })).toMatchObject({ code: 0, stderr: "" });
    const tables = await ask((sequelize) => sequelize.getQueryInterface().showAllTables());
    expect(tables).toContain("migrations");
  });

  test("a wrong setting is told without a stack", async () => {
    const wrong = [
      { DATABASE_URL: "mysql://localhost/x" },
      { DATABASE_URL: "sqlite::memory:" },
      { DATABASE_URL: "sqlite:x", PORT: "x" },
    ];
    const runs = wrong.flatMap((env) => ["migrate", "seed"].map((name) => manage([name], { env })));
    for (const { code, stdout, stderr } of await Promise.all(runs)) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^(DATABASE_URL|PORT) .*\n$/);
    }
  });

  test("a database that does not answer is told without a stack, and the process ends", async () => {
    const urls = [`sqlite:${tmpdir()}`, "postgres://nobody@127.0.0.1:1/nothing"];
    for (const { code, stderr } of await Promise.all(
      urls.map((url) => manage(["check"], { env: { DATABASE_URL: url } })),
    )) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The database cannot be opened: .+\n$/);
    }
  });
});

describe("the bundle", { timeout: LONG }, () => {
  test("works as the source does", async () => {
    const { url } = await ownDatabase();
    const folder = mkdtempSync("node_modules/.tenfold-bundle-");
    undo.push(() => rmSync(folder, { recursive: true }));
    const { build } = JSON.parse(readFileSync("package.json", "utf8")).scripts as { build: string };
    const bundle = build
      .split("&&")
      .at(-1)!
      .replace("server.ts", "")
      .replace(/--outdir=\S+/, `--outdir=${folder}`);
    expect(bundle).toContain("esbuild  manage.ts");
    execFileSync("npx", bundle.trim().split(/\s+/));

    const run = (...args: string[]) =>
      ended(startNode([join(folder, "manage.js"), ...args], { env: { DATABASE_URL: url } }));
    const done = migrations.map(({ name }) => `up ${name}\n`).join("");
    expect(await run("migrate")).toEqual({ code: 0, stdout: done, stderr: "" });
    expect(await run("check")).toEqual({ code: 0, stdout: "Models and schema agree.\n", stderr: "" });
    expect(await run("routes")).toEqual(await manage(["routes"]));
    expect(await run("nope")).toMatchObject({ code: 2, stdout: "" });
  });
});
