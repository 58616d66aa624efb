import { describe, expect, onTestFinished, test } from "vitest";
import { sequelize } from "#models/database.server";
import { migrations } from "#models/migrations/index";
import { onServer } from "../helpers/template-database";
import { LONG, manage, ownDatabase } from "./processes";

const at = migrations.findIndex(({ name }) => name.endsWith("-inventory"));
const before = migrations[at - 1]!.name;
const COUNT = "SELECT COUNT(*) AS count FROM items";

describe("the tables of the inventory", { timeout: LONG }, () => {
  test("go and come again with all that belongs to them, and are what the models say", async () => {
    const { url, ask } = await ownDatabase();
    const env = { DATABASE_URL: url };
    await manage(["migrate"], { env });
    await manage(["seed", "--items", "5"], { env });
    expect(await manage(["migrate", "--to", before], { env })).toMatchObject({ code: 0, stderr: "" });
    const left = ask((database) => database.query(COUNT));
    await expect(left).rejects.toThrow(/items/);
    expect(await manage(["migrate"], { env })).toMatchObject({ code: 0, stderr: "" });
    expect(await manage(["check"], { env })).toMatchObject({ code: 0, stdout: "Models and schema agree.\n" });
    await manage(["seed", "--items", "5"], { env });
    const [rows] = await ask((database) => database.query(COUNT));
    expect(Number((rows as { count: number }[])[0]!.count)).toBe(5);
  });

  if (sequelize.getDialect() === "postgres")
    test("are not made where the extension may not be: the migration says what to do, and goes on once it is done", async () => {
      const { url, ask } = await ownDatabase();
      const role = `limited_${process.pid}`;
      const limited = new URL(url);
      limited.username = role;
      const env = { DATABASE_URL: limited.href };
      await onServer(url, `CREATE ROLE ${role} LOGIN`);
      onTestFinished(async () => {
        await ask((database) => database.query(`DROP OWNED BY ${role}`));
        await onServer(url, `DROP ROLE ${role}`);
      });
      await ask((database) => database.query(`GRANT ALL ON SCHEMA public TO ${role}`));
      const refused = await manage(["migrate"], { env });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("The search of items needs the extension pg_trgm");
      expect(refused.stderr).toContain("CREATE EXTENSION pg_trgm");
      await ask((database) => database.query("CREATE EXTENSION pg_trgm"));
      expect(await manage(["migrate"], { env })).toMatchObject({ code: 0, stderr: "" });
    });
});
