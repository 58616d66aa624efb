import { describe, expect, onTestFinished, test } from "vitest";
import { sequelize } from "#models/database.server";
import { executedNames, type Migration, migrate } from "#models/migrate.server";
import { migrations } from "#models/migrations/index";
import { describeSchema } from "#models/schema/describe";
import { bundled, ended, LONG, manage, type OwnDatabase, ownDatabase, startNode } from "./processes";

const names = migrations.map(({ name }) => name);
const first = names[0]!;
const tablesOf = ({ ask }: OwnDatabase) =>
  ask(async (sequelize) => Object.keys(await describeSchema(sequelize)));

const ranIn = ({ ask }: OwnDatabase) =>
  ask(async (sequelize) => (await sequelize.query("SELECT name FROM migrations ORDER BY name"))[0]);

/** Adds migrations after the last until the end of the test. */
function withMigrations(...more: Migration[]) {
  const before = migrations.length;
  migrations.push(...more);
  onTestFinished(() => void migrations.splice(before));
}

const nothing = async () => {};

describe("the command migrate", { timeout: LONG }, () => {
  test("tells the plan and changes nothing, then each step as it is done, then that nothing is left", async () => {
    const database = await ownDatabase();
    const env = { DATABASE_URL: database.url };
    const would = names.map((name) => `would run: up ${name}\n`).join("");
    expect(await manage(["migrate", "--plan"], { env })).toEqual({ code: 0, stdout: would, stderr: "" });
    expect(await tablesOf(database)).toEqual([]);

    const done = names.map((name) => `up ${name}\n`).join("");
    expect(await manage(["migrate"], { env })).toEqual({ code: 0, stdout: done, stderr: "" });
    expect(await ranIn(database)).toEqual(names.map((name) => ({ name })));

    expect(await manage(["migrate"], { env })).toEqual({ code: 0, stdout: "Nothing to do.\n", stderr: "" });
    expect(await manage(["migrate", "--plan"], { env })).toMatchObject({ stdout: "Nothing to do.\n" });
  });

  test("--to stops at a migration and undoes what comes after it", async () => {
    const database = await ownDatabase();
    const env = { DATABASE_URL: database.url };
    expect(await manage(["migrate", "--to", first], { env })).toMatchObject({
      code: 0,
      stdout: `up ${first}\n`,
    });
    expect(await manage(["migrate", "--to", "zero", "--plan"], { env })).toMatchObject({
      code: 0,
      stdout: `would run: down ${first}\n`,
    });
    expect(await manage(["migrate", "--to", "zero"], { env })).toMatchObject({
      code: 0,
      stdout: `down ${first}\n`,
    });
    expect(await tablesOf(database)).toEqual(["migrations"]);
  });

  test("a name that no migration has is told with those there are, with --plan too", async () => {
    const answers = [[], ["--plan"]].map((args) => manage(["migrate", "--to", "0000-nope", ...args]));
    for (const { code, stdout, stderr } of await Promise.all(answers)) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe(
        `There is no migration "0000-nope". There are: ${names.join(", ")}; and zero for none.\n`,
      );
    }
  });

  test.each([
    ["that none has opened", []],
    ["that all have open", ["--opened"]],
  ])(
    "processes that migrate a new database %s all succeed, and each migration runs once",
    async (_, args) => {
      const database = await ownDatabase();
      const env = { DATABASE_URL: database.url };
      const program = await bundled("tests/manage/migrate-on-go.ts");
      const racers = [1, 2, 3].map(() => startNode([program, ...args], { env }));
      const ends = racers.map((racer) => ended(racer));
      await Promise.all(racers.map((racer) => new Promise((ready) => racer.stdout.once("data", ready))));
      const start = Date.now() + 100;
      for (const racer of racers) racer.stdin.write(`${start}\n`);
      const results = await Promise.all(ends);
      expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        racers.map(() => ({ code: 0, stderr: "" })),
      );
      const steps = results
        .flatMap(({ stdout }) => stdout.split("\n"))
        .filter((line) => line.startsWith("up "));
      expect(steps.sort()).toEqual(names.map((name) => `up ${name}`));
      expect(await ranIn(database)).toEqual(names.map((name) => ({ name })));
    },
  );
});

describe("migrations", { timeout: LONG }, () => {
  test("each leaves the same schema up, down and up again", async () => {
    for (const [n, name] of names.entries()) {
      const before = names[n - 1] ?? "zero";
      const at = async (to: string) => {
        await migrate({ to });
        return describeSchema(sequelize);
      };
      const [below, above] = [await at(before), await at(name)];
      expect(above, `${name} does something`).not.toEqual(below);
      expect(await at(before), `${name} down`).toEqual(below);
      expect(await at(name), `${name} up again`).toEqual(above);
    }
  });

  test("one that fails is rolled back whole and not recorded; those before it stay", async () => {
    withMigrations(
      {
        name: "9998-works",
        up: async ({ queryInterface, transaction }) => {
          await queryInterface.createTable("works", { id: "INTEGER" }, { transaction });
        },
        down: async ({ queryInterface, transaction }) => {
          await queryInterface.dropTable("works", { transaction });
        },
      },
      {
        name: "9999-fails",
        up: async ({ queryInterface, transaction }) => {
          await queryInterface.createTable("fails", { id: "INTEGER" }, { transaction });
          await queryInterface.addColumn("works", "extra", "INTEGER", { transaction });
          await queryInterface.bulkInsert("works", [{ id: 1 }], { transaction });
          await queryInterface.bulkInsert("no_such_table", [{ id: 1 }], { transaction });
        },
        down: nothing,
      },
    );
    onTestFinished(async () => void (await migrate({ to: names.at(-1) })));

    await expect(migrate()).rejects.toThrow(/9999-fails.*no_such_table/s);

    expect(await executedNames()).toEqual([...names, "9998-works"]);
    const schema = await describeSchema(sequelize);
    expect(schema).not.toHaveProperty("fails");
    expect(Object.keys(schema.works!.columns)).toEqual(["id"]);
    expect((await sequelize.query("SELECT * FROM works"))[0]).toEqual([]);
  });

  test("one whose undoing fails stays recorded, and its schema as it was", async () => {
    withMigrations({
      name: "9999-stays",
      up: async ({ queryInterface, transaction }) => {
        await queryInterface.createTable("stays", { id: "INTEGER" }, { transaction });
      },
      down: async ({ queryInterface, transaction }) => {
        await queryInterface.dropTable("stays", { transaction });
        throw new Error("not undone");
      },
    });
    onTestFinished(async () => {
      migrations.at(-1)!.down = async ({ queryInterface, transaction }) => {
        await queryInterface.dropTable("stays", { transaction });
      };
      await migrate({ to: names.at(-1) });
    });
    await migrate();

    await expect(migrate({ to: names.at(-1) })).rejects.toThrow("not undone");

    expect(await executedNames()).toEqual([...names, "9999-stays"]);
    expect(await describeSchema(sequelize)).toHaveProperty("stays");
  });
});
