import { describe, expect, test } from "vitest";
import { sequelize } from "#models/database.server";
import { migrations } from "#models/migrations/index";
import { featureServers } from "~/features.server";
import { LONG, manage, manageHere, ownDatabase } from "./processes";

const seeds = featureServers.filter(({ seed }) => seed).map(({ name }) => name);
const models = Object.values(sequelize.models);
/** How many rows each table has. */
const rows = async () =>
  Object.fromEntries(
    await Promise.all(models.map(async (model) => [model.tableName, await model.count({ paranoid: false })])),
  );

/** A count for every feature, as options. */
const options = featureServers.flatMap(({ name, seed }) => (seed ? [`--${seed.of ?? name}`] : []));
const each = (count: number) => options.flatMap((option) => [option, `${count}`]);

/** `accounts: added 6 in users, 3 in groups`, read. */
function told(stdout: string) {
  const added = [...stdout.matchAll(/(\d+) in (\w+)/g)].map(([, count, table]) => [table, Number(count)]);
  return Object.fromEntries(added);
}

describe("seed", { timeout: LONG }, () => {
  test("adds what each feature asks for and tells it; a second run adds nothing", async () => {
    const before = await rows();
    const first = await manage(["seed"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(
      first.stdout
        .trim()
        .split("\n")
        .map((line) => line.split(":")[0]),
    ).toEqual(seeds);
    const after = await rows();
    expect({ ...before, ...told(first.stdout) }).toEqual(after);
    expect(Object.keys(told(first.stdout)).length).toBeGreaterThanOrEqual(seeds.length);

    const nothing = seeds.map((name) => `${name}: nothing to add\n`).join("");
    expect(await manage(["seed"])).toEqual({ code: 0, stdout: nothing, stderr: "" });
    expect(await rows()).toEqual(after);
  });

  test("takes a number for each feature: more adds what is missing, 0 adds nothing", async () => {
    const before = await rows();
    await manage(["seed", ...each(0)]);
    expect(await rows()).toEqual(before);
    await manage(["seed", ...each(3)]);
    const three = await rows();
    const { stdout } = await manage(["seed", ...each(5)]);
    const five = await rows();
    for (const table of Object.keys(five)) expect(five[table] - three[table]).toBe(told(stdout)[table] ?? 0);
    expect(Object.keys(told(stdout)).length).toBeGreaterThanOrEqual(seeds.length);
  });

  test("makes the same data every time, but for its times and the names of files", async () => {
    const contents = async () => {
      const database = await ownDatabase();
      const env = { DATABASE_URL: database.url };
      await manage(["migrate"], { env });
      await manage(["seed"], { env });
      return database.ask((other) =>
        Promise.all(
          models.map(async (model) => (await other.query(`SELECT * FROM ${model.tableName} ORDER BY 1`))[0]),
        ),
      );
    };
    const timeless = (data: unknown) =>
      JSON.parse(
        JSON.stringify(data, (name, value) => {
          // Versions are drawn by lot.
          if (/_at$|^date_|^version$/.test(name)) return undefined;
          // The key of a file begins with chance and ends with a hash of its content.
          return typeof value === "string" ? value.replace(/^([a-z]+\/)[0-9a-f]{32}-/, "$1") : value;
        }),
      );
    const [first, second] = await Promise.all([contents(), contents()]);
    expect(timeless(first).flat()).not.toEqual([]);
    expect(timeless(second)).toEqual(timeless(first));
  });

  test("asks for migrations that have not run, and adds nothing", async () => {
    const database = await ownDatabase();
    const { code, stdout, stderr } = await manage(["seed"], { env: { DATABASE_URL: database.url } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      `The migration ${migrations[0]!.name} has not run. Run: npm run manage -- migrate\n`,
    );
    expect(await database.ask((other) => other.getQueryInterface().showAllTables())).toEqual([]);
  });

  test("refuses what is no whole number from 0 to 1,000,000 as wrong usage", async () => {
    const wrong = ["-1", "1.5", "1e3", "1000001", "many"];
    for (const number of wrong) {
      const { code, stdout, stderr } = await manageHere(["seed", `${options[0]}=${number}`]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("It must be a whole number from 0 to 1,000,000.");
      expect(stderr).toContain("Usage: manage seed");
    }
    expect(Object.values(await rows())).toEqual(models.map(() => 0));
  });
});
