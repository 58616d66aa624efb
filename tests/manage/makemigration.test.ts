import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "~/manage/failure";
import { makeMigration } from "~/manage/makemigration";
import { scratchFolder } from "../helpers/folder";
import { LONG, manage, manageHere } from "./processes";

const INDEX = `/** In order. */
import type { Migration } from "../migrate.server";
import * as m0001 from "./0001-first";

export const migrations: Migration[] = [{ name: "0001-first", ...m0001 }];
`;

let folder: string;

/** In the project, beside migrate.server, so that what is written can be checked as part of it. */
beforeEach(() => {
  mkdirSync("build", { recursive: true });
  const parent = mkdtempSync("build/migrations-");
  cpSync("models/migrate.server.ts", join(parent, "migrate.server.ts"));
  folder = join(parent, "migrations");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.ts"), INDEX);
  writeFileSync(
    join(folder, "0001-first.ts"),
    "export const up = async () => {};\nexport const down = up;\n",
  );
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const index = () => readFileSync(join(folder, "index.ts"), "utf8");

describe("makemigration", () => {
  test("writes the next number and registers it, in order", () => {
    expect(makeMigration("add-due-date", folder)).toBe(join(folder, "0002-add-due-date.ts"));
    expect(makeMigration("add-owner2", folder)).toBe(join(folder, "0003-add-owner2.ts"));
    expect(index()).toBe(`/** In order. */
import type { Migration } from "../migrate.server";
import * as m0001 from "./0001-first";
import * as m0002 from "./0002-add-due-date";
import * as m0003 from "./0003-add-owner2";

export const migrations: Migration[] = [
  { name: "0001-first", ...m0001 },
  { name: "0002-add-due-date", ...m0002 },
  { name: "0003-add-owner2", ...m0003 },
];
`);
  });

  test("counts on from the last number, not from how many there are", () => {
    writeFileSync(join(folder, "0041-later.ts"), "");
    expect(makeMigration("next", folder)).toBe(join(folder, "0042-next.ts"));
  });

  test("adds to a list that is empty", () => {
    rmSync(join(folder, "0001-first.ts"));
    const empty =
      'import type { Migration } from "../migrate.server";\n\nexport const migrations: Migration[] = [];\n';
    writeFileSync(join(folder, "index.ts"), empty);
    makeMigration("first", folder);
    expect(index()).toContain('import * as m0001 from "./0001-first";\n');
    expect(index()).toContain('[\n  { name: "0001-first", ...m0001 },\n];');
  });

  test("what it writes has the project's form and passes its lint", { timeout: LONG }, () => {
    makeMigration("add-due-date", folder);
    const written = readdirSync(folder).filter((file) => file !== "0001-first.ts");
    expect(written).toEqual(["0002-add-due-date.ts", "index.ts"]);
    const biome = ["check", "--vcs-enabled=false", ...written.map((file) => join(folder, file))];
    execFileSync("node_modules/.bin/biome", biome, { stdio: "pipe" });
  });

  test("an unwritten migration fails instead of passing for done", async () => {
    makeMigration("add-due-date", folder);
    const { migrations } = await import(/* @vite-ignore */ resolve(folder, "index.ts"));
    expect(migrations.map(({ name }: { name: string }) => name)).toEqual(["0001-first", "0002-add-due-date"]);
    await expect(migrations[1].up({})).rejects.toThrow("0002-add-due-date does not say yet what to do");
    await expect(migrations[1].down({})).rejects.toThrow("0002-add-due-date does not say yet how to undo it");
  });

  test("changes nothing where the list is not as it knows it", () => {
    const other = INDEX.replace("migrations: Migration[] =", "all =");
    writeFileSync(join(folder, "index.ts"), other);
    expect(() => makeMigration("add-due-date", folder)).toThrow(Failure);
    expect(index()).toBe(other);
    expect(readdirSync(folder)).toEqual(["0001-first.ts", "index.ts"]);
  });
});

describe("the command makemigration", { timeout: LONG }, () => {
  test("refuses a name that is not lowercase words with hyphens", async () => {
    const wrong = ["Add-due", "add_due", "add due", "add--due", "-add", "add-", "1st", "../x", ""];
    for (const name of wrong) {
      const { code, stdout, stderr } = await manageHere(["makemigration", "--", name]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("Use lowercase words with hyphens, like add-due-date.");
    }
  });

  test("says where it belongs when the source is not there", async () => {
    const { code, stderr } = await manage(["makemigration", "add-due-date"], { cwd: scratchFolder() });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "models/migrations/index.ts is missing: makemigration runs where the source is.\n",
    });
  });

  test("writes to models/migrations under the working directory and tells the file", async () => {
    const cwd = scratchFolder();
    mkdirSync(join(cwd, "models"));
    cpSync(folder, join(cwd, "models/migrations"), { recursive: true });
    const { code, stdout } = await manage(["makemigration", "add-due-date"], { cwd });
    const files = readdirSync(join(cwd, "models/migrations"));
    expect({ code, files }).toEqual({
      code: 0,
      files: ["0001-first.ts", "0002-add-due-date.ts", "index.ts"],
    });
    expect(stdout).toContain("models/migrations/0002-add-due-date.ts");
  });
});
