import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { migrations } from "#models/migrations/index";
import { commands } from "~/manage/commands";
import { scratchFolder } from "../helpers/folder";
import { LONG, manage, manageFromSource, manageHere, ownDatabase } from "./processes";

describe("usage", { timeout: LONG }, () => {
  test("--help lists every command with what it does, and is no failure", async () => {
    const { code, stdout, stderr } = await manage(["--help"]);
    for (const { name, summary } of commands)
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary}$`, "m"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("--help of each command loads it and tells its options", async () => {
    for (const { name } of commands) {
      const { code, stdout, stderr } = await manageHere([name, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: manage ${name} [options]`);
    }
    expect((await manageHere(["migrate", "--help"])).stdout).toContain("--plan");
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
    for (const args of wrong) {
      const { code, stdout, stderr } = await manageHere(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^error: .+\n(\(Did you mean migrate\?\)\n)?\nUsage: manage/);
    }
  });
});

describe("settings", { timeout: LONG }, () => {
  test(".env is read before anything that needs it", async () => {
    const { url, ask } = await ownDatabase();
    const cwd = scratchFolder();
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

describe("npm run manage", { timeout: LONG }, () => {
  test("runs the source, which does as the bundle does", async () => {
    const { url } = await ownDatabase();
    const run = (...args: string[]) => manageFromSource(args, { env: { DATABASE_URL: url } });
    const done = migrations.map(({ name }) => `up ${name}\n`).join("");
    expect(await run("migrate")).toEqual({ code: 0, stdout: done, stderr: "" });
    expect(await run("check")).toEqual({ code: 0, stdout: "Models and schema agree.\n", stderr: "" });
    const [fromSource, built] = await Promise.all([run("routes"), manage(["routes"])]);
    expect(fromSource).toEqual(built);
    expect(await run("nope")).toMatchObject({ code: 2, stdout: "" });
  });
});
