import { describe, expect, it } from "vitest";
import { sequelize } from "#models/database.server";
import { containsWords, idsFound, wordsOf } from "#models/search.server";
import { Todo } from "#models/todo.server";
import { User } from "#models/user.server";

const isSqlite = sequelize.getDialect() === "sqlite";
const add = (...titles: string[]) => Todo.bulkCreate(titles.map((title) => ({ title })));
const find = async (typed: string) =>
  (await Todo.findAll({ where: containsWords(["todo.title"], typed), order: ["id"] })).map(
    ({ title }) => title,
  );

describe("a search by words", () => {
  it("finds what holds every word somewhere, whatever its case", async () => {
    await add("Order the bolts", "the order of bolts", "order nuts");
    expect(await find("BOLT order")).toEqual(["Order the bolts", "the order of bolts"]);
  });
  it.each(["%", "_", "\\", "'", '"', "$1", ":name", "?", "%%", "\\%"])(
    "takes %s as the characters that they are",
    async (characters) => {
      await add("plain", `a${characters}b`);
      expect(await find(characters)).toEqual([`a${characters}b`]);
    },
  );
  it("finds other letters than ASCII as typed, small, and in capitals", async () => {
    await add("Zürich", "ZÜRICH", "Éloïse");
    expect(await find("zürich")).toEqual(["Zürich", "ZÜRICH"]);
    expect(await find("ZÜRICH")).toEqual(["Zürich", "ZÜRICH"]);
    expect(await find("Éloïse")).toEqual(["Éloïse"]);
  });
  it("looks in several columns, each word in any of them", async () => {
    await User.bulkCreate([
      { username: "ada", usernameKey: "ada", displayName: "Lovelace" },
      { username: "grace", usernameKey: "grace", displayName: "Hopper" },
    ]);
    const where = containsWords(["user.username", "user.display_name"], "love ad");
    expect((await User.findAll({ where })).map(({ username }) => username)).toEqual(["ada"]);
  });
  it("has at most ten words, and none of blanks and NULs", () => {
    expect(wordsOf(" a\u0000b  c ")).toEqual(["a", "b", "c"]);
    expect(wordsOf("x ".repeat(50))).toHaveLength(10);
    expect(wordsOf(" \u0000 ")).toEqual([]);
  });
});

describe("the ids that a search finds", () => {
  it("are those of what is not in the trash, up to one more than asked for", async () => {
    await add("bolt a", "bolt b", "nut");
    await Todo.bulkCreate([{ title: "bolt gone", deletedAt: new Date() }]);
    const where = containsWords(["todo.title"], "bolt");
    const titles = await Todo.findAll({ where: { id: await idsFound(Todo, where, 10) }, order: ["id"] });
    expect(titles.map(({ title }) => title)).toEqual(["bolt a", "bolt b"]);
    expect(await idsFound(Todo, where, 1)).toHaveLength(2);
    expect(await idsFound(Todo, where, 0)).toHaveLength(1);
  });
  it("are read in one statement, and not by the index of the trash where SQLite would take it", async () => {
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    await idsFound(Todo, containsWords(["todo.title"], "bolt"), 10);
    options.logging = false;
    const sql = statements[0]!.replace(/^Executing \([^)]*\): /, "");
    expect(statements).toHaveLength(1);
    const [plan] = await sequelize.query(`EXPLAIN ${isSqlite ? "QUERY PLAN " : ""}${sql}`);
    expect(JSON.stringify(plan)).toMatch(isSqlite ? /"SCAN todo"/ : /Filter: .*~~\*/);
  });
});
