import { describe, expect, it } from "vitest";
import { sequelize } from "#models/database.server";
import { containsWords, idsFound } from "#models/search.server";
import { Todo } from "#models/todo.server";
import { statementsOf } from "../../helpers/statements";

const isSqlite = sequelize.getDialect() === "sqlite";
const add = (...titles: string[]) => Todo.bulkCreate(titles.map((title) => ({ title })));

describe("the ids that a search finds where there is a trash", () => {
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
    const statements = await statementsOf(() => idsFound(Todo, containsWords(["todo.title"], "bolt"), 10));
    expect(statements).toHaveLength(1);
    const [plan] = await sequelize.query(`EXPLAIN ${isSqlite ? "QUERY PLAN " : ""}${statements[0]}`);
    expect(JSON.stringify(plan)).toMatch(isSqlite ? /"SCAN todo"/ : /Filter: .*~~\*/);
  });
});
