import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  type ModelStatic,
  QueryTypes,
} from "sequelize";
import { describe, expect, it } from "vitest";
import { Activity, type Actor } from "#models/activity.server";
import { asText, asTextSql } from "#models/as-text.server";
import { createAll, sequelize, transaction } from "#models/database.server";
import { Session } from "#models/session.server";
import { Todo } from "#models/todo.server";
import { User } from "#models/user.server";

class Thing extends Model<InferAttributes<Thing>, InferCreationAttributes<Thing>> {
  static readonly noted = ["name"];
  declare id: CreationOptional<number>;
  declare name: string;
}
Thing.init(
  { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, name: DataTypes.TEXT },
  { sequelize, modelName: "thing", tableName: "things", timestamps: false },
);
await Thing.sync();

const ada: Actor = { id: null, username: "ada" };
const changesOf = async (model: ModelStatic<Model>, id: number) =>
  (await Activity.of(model.name, id)).map(({ deed, changes }) => [deed, changes]);

describe("text", () => {
  it.each([
    [null, "JSON", ""],
    [undefined, "JSONB", ""],
    [false, "JSON", "false"],
    [{ a: 1 }, "JSON", '{\n  "a": 1\n}'],
    [[1], undefined, "[\n  1\n]"],
    [true, "BOOLEAN", "on"],
    [false, "BOOLEAN", ""],
    [0, "INTEGER", "0"],
    [new Date("2026-01-31T09:30:00.123Z"), "DATE", "2026-01-31T09:30"],
    [new Date("2026-01-31T09:30:05.123Z"), "DATE", "2026-01-31T09:30:05"],
  ])("of %j as %s is %j", (value, type, text) => expect(asText(value, type)).toBe(text));

  it.each([
    null,
    new Date("2026-01-31T09:30:00.000Z"),
    new Date("2026-01-31T23:59:59.999Z"),
    new Date("2026-01-31T10:00:07.000Z"),
  ])("is the same from SQL as from here, with the date %s", async (lastLogin) => {
    const user = await User.create({ username: "é🔑", email: "", isStaff: true, lastLogin });
    const columns = [
      ["username", "STRING", user.username],
      ["email", "STRING", user.email],
      ["username_key", "TEXT", user.usernameKey],
      ["is_staff", "BOOLEAN", true],
      ["is_superuser", "BOOLEAN", false],
      ["id", "INTEGER", user.id],
      ["last_login", "DATE", lastLogin],
    ] as const;
    const select = columns.map(([name, type]) => `${asTextSql(name, type)} AS ${name}`).join(", ");
    const [row] = await sequelize.query(`SELECT ${select} FROM users`, { type: QueryTypes.SELECT });
    expect(row).toEqual(
      Object.fromEntries(columns.map(([name, type, value]) => [name, asText(value, type) || null])),
    );
  });

  it("of a type that databases write differently is refused in SQL", () => {
    expect(() => asTextSql("x", "JSON")).toThrow("JSON has no text in SQL");
  });
});

describe("rows that are added at once", () => {
  it("know their ids, on both databases", async () => {
    await Todo.create({ title: "before" });
    const rows = await transaction((transaction) =>
      createAll(Todo, [{ title: "a" }, { title: "b" }, { title: "c" }], transaction),
    );
    for (const { id, title } of rows) expect((await Todo.find(id))!.title).toBe(title);
  });
});

describe("a note", () => {
  it("of adding, changing and deleting says what was and what is, and no more than the model lists", async () => {
    const user = await transaction(async (transaction) => {
      const user = await User.create(
        { username: "eve", email: "e@example.com", password: "$argon2id$hash" },
        { transaction },
      );
      await Activity.note("add", user, ada, transaction);
      user.set({ email: "", displayName: "Eve", password: "$argon2id$other", isStaff: true });
      await Activity.note("change", user, ada, transaction);
      await user.save({ transaction });
      await Activity.note("delete", user, ada, transaction);
      await user.destroy({ transaction });
      return user;
    });
    expect(await changesOf(User, user.id)).toEqual([
      [
        "delete",
        [
          { field: "username", before: "eve", after: null },
          { field: "display_name", before: "Eve", after: null },
          { field: "is_active", before: "on", after: null },
          { field: "is_staff", before: "on", after: null },
        ],
      ],
      [
        "change",
        [
          { field: "email", before: "e@example.com", after: null },
          { field: "display_name", before: null, after: "Eve" },
          { field: "is_staff", before: null, after: "on" },
        ],
      ],
      [
        "add",
        [
          { field: "username", before: null, after: "eve" },
          { field: "email", before: null, after: "e@example.com" },
          { field: "is_active", before: null, after: "on" },
        ],
      ],
    ]);
    expect(JSON.stringify(await Activity.findAll())).not.toContain("argon2");
  });
  it("of a change that changes nothing, or nothing that is noted, is none", async () => {
    const user = await User.create({ username: "eve" });
    await transaction(async (transaction) => {
      await Activity.note("change", user.set({ username: "eve", lastLogin: new Date() }), ada, transaction);
    });
    expect(await Activity.count()).toBe(0);
  });
  it("of a model that does not list what is noted is refused", async () => {
    const note = transaction((transaction) =>
      Activity.note("delete", Session.build() as Model, ada, transaction),
    );
    await expect(note).rejects.toThrow("session has no list of attributes that are noted");
    const notes = transaction((transaction) =>
      Activity.noteAll("delete", Session, { where: {} }, ada, transaction),
    );
    await expect(notes).rejects.toThrow("session has no list");
  });
  it("of a secret says that it was changed, and neither from what nor to what", async () => {
    const user = await User.create({ username: "eve", password: "$argon2id$hash" });
    await transaction((transaction) => Activity.noteSecret(user, "password", ada, transaction));
    expect(await changesOf(User, user.id)).toEqual([
      ["change", [{ field: "password", before: null, after: "(changed)" }]],
    ]);
  });
  it("is not there when the transaction is rolled back", async () => {
    const failing = transaction(async (transaction) => {
      await Activity.note("add", await Todo.create({ title: "x" }, { transaction }), ada, transaction);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await Activity.count()).toBe(0);
  });
  it("calls a row by the first that is listed, cut at 200 characters, or by its id", async () => {
    const things = await transaction(async (transaction) => {
      const things = await createAll(Thing, [{ name: "🔑".repeat(250) }, { name: "" }], transaction);
      await Activity.note("add", things, null, transaction);
      await Activity.noteAll("change", Thing, { where: {} }, null, transaction);
      return things;
    });
    const names = ["🔑".repeat(200), `#${things[1]!.id}`];
    const labels = (await Activity.findAll({ order: ["id"] })).map(({ label }) => label);
    expect(labels).toEqual([...names, ...names]);
  });
});

describe("a note on many rows", () => {
  const odd = ["plain", "quo\"te's \\ and 🔑", "$1 :name ? %"];
  const rows = () =>
    transaction((transaction) =>
      createAll(
        Todo,
        odd.map((title, n) => ({ title, done: n === 1 })),
        transaction,
      ),
    );
  const essence = (deeds: Activity[]) =>
    deeds.map(({ deed, model, objectId, label, changes, userName, userId }) => [
      deed,
      model,
      objectId,
      label,
      changes,
      userName,
      userId,
    ]);

  it("is what a note on each would be", async () => {
    const user = await User.create({ username: "boss" });
    const todos = await rows();
    await transaction(async (transaction) => {
      await Activity.note("erase", todos, user, transaction);
      for (const todo of todos)
        await Activity.note("change", todo.set({ done: !todo.done }), user, transaction);
      await Activity.noteAll("erase", Todo, { where: {} }, user, transaction);
      await Activity.noteAll(
        "change",
        Todo,
        { where: {}, to: { done: literal("NOT done") } },
        user,
        transaction,
      );
    });
    const deeds = await Activity.findAll({ order: ["id"] });
    expect(essence(deeds)).toHaveLength(12);
    expect(essence(deeds.slice(6))).toEqual(essence(deeds.slice(0, 6)));
    expect(deeds[11]!.createdAt >= deeds[0]!.createdAt).toBe(true);
  });
  it("finds exactly the rows that it noted, for what is then done to them", async () => {
    await rows();
    await Todo.create({ title: "in the trash", deletedAt: new Date() });
    const counts = await transaction(async (transaction) => {
      const open = await Activity.noteAll(
        "change",
        Todo,
        { where: { done: false }, to: { done: true } },
        null,
        transaction,
      );
      const [changed] = await Todo.update({ done: true }, { where: open, transaction });
      const options = { where: { title: "in the trash" }, paranoid: false };
      const trashed = await Activity.noteAll("erase", Todo, options, null, transaction);
      return [changed, await Todo.destroy({ where: trashed, force: true, transaction })];
    });
    expect(counts).toEqual([2, 1]);
    expect((await Activity.findAll()).map(({ deed }) => deed).sort()).toEqual(["change", "change", "erase"]);
  });
  it("of values that are the same notes the deed without a change", async () => {
    const [todo] = await rows();
    await transaction((transaction) =>
      Activity.noteAll("change", Todo, { where: { id: todo!.id }, to: { done: false } }, null, transaction),
    );
    expect(await changesOf(Todo, todo!.id)).toEqual([["change", []]]);
  });
  it("writes 10,000 of them in one statement", async () => {
    await Todo.bulkCreate(Array.from({ length: 10_000 }, (_, n) => ({ title: `item ${n}` })));
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    expect(await Todo.toggleAll(true, ada)).toBe(10_000);
    options.logging = false;
    expect(statements.filter((sql) => sql.includes("INSERT INTO activities"))).toHaveLength(1);
    expect(await Activity.count()).toBe(10_000);
  });
});
