import { describe, expect, test } from "vitest";
import { compare } from "#models/schema/compare";
import type { Index, Table } from "#models/schema/schema";

const index = (change: Partial<Index> = {}): Index => ({
  name: "todos_list",
  unique: false,
  fields: ["created_at", "id"],
  method: null,
  where: null,
  ...change,
});

const todos = (change: Partial<Table> = {}): Table => ({
  columns: {
    id: { type: "INTEGER", nullable: false, default: "AUTOINCREMENT" },
    title: { type: "VARCHAR(200)", nullable: false, default: null },
  },
  primaryKey: ["id"],
  indexes: [index()],
  foreignKeys: [{ columns: ["owner_id"], target: "users (id)", onDelete: "CASCADE", onUpdate: "NO ACTION" }],
  triggers: ["todos_count"],
  ...change,
});

/** A table whose title is another. */
const withTitle = (change: object) => {
  const table = todos();
  return todos({ columns: { ...table.columns, title: { ...table.columns.title!, ...change } } });
};

/** What differs between the models and a database whose table is `database`. */
const differences = (database: Table, model = todos()) => compare({ todos: model }, { todos: database });

describe("check", () => {
  test("says nothing of schemas that agree", () => {
    expect(compare({ todos: todos() }, { todos: todos() })).toEqual([]);
    expect(compare({}, {})).toEqual([]);
  });

  test("names a table that the database lacks", () => {
    expect(compare({ todos: todos() }, {})).toEqual(["todos: a model has this table, the database has not"]);
  });

  test("names a table that no model has", () => {
    expect(compare({}, { todos: todos() })).toEqual(["todos: the database has this table, no model has"]);
  });

  test("names a column that the database lacks, and one that the model lacks", () => {
    const { id } = todos().columns;
    const without = todos({ columns: { id: id! } });
    expect(differences(without)).toEqual(["todos.title: the model has this column, the database has not"]);
    expect(differences(todos(), without)).toEqual([
      "todos.title: the database has this column, the model has not",
    ]);
  });

  test("names a column whose type differs", () => {
    expect(differences(withTitle({ type: "VARCHAR(100)" }))).toEqual([
      "todos.title: the model says VARCHAR(200), the database VARCHAR(100)",
    ]);
  });

  test("names a column that may be null on one side only", () => {
    expect(differences(withTitle({ nullable: true }))).toEqual([
      "todos.title: the model says not null, the database null allowed",
    ]);
  });

  test("names a column whose default differs; none is not the same as an empty text", () => {
    expect(differences(withTitle({ default: "''" }))).toEqual([
      "todos.title: the model says no default, the database default ''",
    ]);
    expect(differences(withTitle({ default: "'b'" }), withTitle({ default: "'a'" }))).toEqual([
      "todos.title: the model says default 'a', the database default 'b'",
    ]);
  });

  test("tells every difference of a column", () => {
    expect(differences(withTitle({ type: "TEXT", nullable: true, default: "'x'" }))).toHaveLength(3);
  });

  test("names a table whose primary key is absent or in another order", () => {
    expect(differences(todos({ primaryKey: [] }))).toEqual([
      "todos: the model says primary key (id), the database no primary key",
    ]);
    expect(differences(todos({ primaryKey: ["b", "a"] }), todos({ primaryKey: ["a", "b"] }))).toEqual([
      "todos: the model says primary key (a, b), the database primary key (b, a)",
    ]);
  });

  test("names an index that the database lacks, and one that the model lacks", () => {
    const without = todos({ indexes: [] });
    expect(differences(without)).toEqual([
      "todos: the model has index todos_list (created_at, id), the database has not",
    ]);
    expect(differences(todos(), without)).toEqual([
      "todos: the database has index todos_list (created_at, id), the model has not",
    ]);
  });

  test.each([
    ["fields", { fields: ["created_at"] }, "(created_at)"],
    ["order of fields", { fields: ["id", "created_at"] }, "(id, created_at)"],
    ["direction", { fields: ["created_at DESC", "id"] }, "(created_at DESC, id)"],
    ["uniqueness", { unique: true }, "unique (created_at, id)"],
    ["condition", { where: "done" }, "(created_at, id) where done"],
    ["kind", { method: "gin" }, "(created_at, id) using gin"],
  ])("names an index whose %s differs", (_, change, words) => {
    expect(differences(todos({ indexes: [index(change)] }))).toEqual([
      `todos, index todos_list: the model says (created_at, id), the database ${words}`,
    ]);
  });

  test("names a trigger that one side lacks", () => {
    const without = todos({ triggers: [] });
    expect(differences(without)).toEqual(["todos: the model has trigger todos_count, the database has not"]);
    expect(differences(todos(), without)).toEqual([
      "todos: the database has trigger todos_count, the model has not",
    ]);
  });

  test("names a unique constraint that one side lacks", () => {
    const unique = todos({ indexes: [index(), index({ name: null, unique: true, fields: ["title"] })] });
    expect(differences(todos(), unique)).toEqual([
      "todos: the model has unique (title), the database has not",
    ]);
    expect(differences(unique)).toEqual(["todos: the database has unique (title), the model has not"]);
  });

  test("takes a unique index for a unique constraint on the same columns, and for no other", () => {
    const constraint = todos({ indexes: [index({ name: null, unique: true })] });
    expect(differences(todos({ indexes: [index({ unique: true })] }), constraint)).toEqual([]);
    expect(differences(constraint, todos({ indexes: [index({ unique: true })] }))).toEqual([]);
    expect(differences(todos(), constraint)).toHaveLength(2);
    expect(
      differences(todos({ indexes: [index({ unique: true, fields: ["id"] })] }), constraint),
    ).toHaveLength(2);
  });

  test.each([
    ["target", { target: "people (id)" }, "references people (id) on delete CASCADE on update NO ACTION"],
    ["on delete", { onDelete: "SET NULL" }, "references users (id) on delete SET NULL on update NO ACTION"],
    ["on update", { onUpdate: "CASCADE" }, "references users (id) on delete CASCADE on update CASCADE"],
  ])("names a foreign key whose %s differs", (_, change, words) => {
    const [key] = todos().foreignKeys;
    expect(differences(todos({ foreignKeys: [{ ...key!, ...change }] }))).toEqual([
      `todos.owner_id: the model says references users (id) on delete CASCADE on update NO ACTION, the database ${words}`,
    ]);
  });

  test("names a foreign key that one side lacks", () => {
    const words = "references users (id) on delete CASCADE on update NO ACTION";
    const without = todos({ foreignKeys: [] });
    expect(differences(without)).toEqual([
      `todos.owner_id: the model says ${words}, the database no foreign key`,
    ]);
    expect(differences(todos(), without)).toEqual([
      `todos.owner_id: the model says no foreign key, the database ${words}`,
    ]);
  });
});
