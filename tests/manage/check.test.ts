/** What `check` sees in real databases: tables as a migration makes them, against models. */
import { readdirSync } from "node:fs";
import { col, DataTypes, fn, type Model, type ModelStatic, type Sequelize } from "sequelize";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "#models/database.server";
import { migrations } from "#models/migrations/index";
import { compare } from "#models/schema/compare";
import { describeSchema } from "#models/schema/describe";
import { schemaOfModels } from "#models/schema/of-models";
import { scratchFolder } from "../helpers/folder";
import { LONG, manage, newDatabase, type OwnDatabase, ownDatabase } from "./processes";

let database: OwnDatabase;
let sequelize: Sequelize;
let models: ModelStatic<Model>[];

beforeAll(async () => {
  database = await newDatabase();
  sequelize = connect(database.url);
  models = defineModels(sequelize);
});

afterEach(async () => {
  const tables = sequelize.getQueryInterface();
  for (const table of ["surplus", "links", "things", "owners", "nests", "birds"])
    await tables.dropTable(table, { cascade: true });
});

afterAll(async () => {
  await sequelize.close();
  await database.remove();
});

const KINDS = ["plain", "with 'quotes'"];

/** Columns of every sort that a feature may use. */
const columns = () => ({
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  owner_id: {
    type: DataTypes.UUID,
    allowNull: false,
    references: { model: "owners", key: "id" },
    onDelete: "CASCADE",
  },
  title: { type: DataTypes.STRING(200), allowNull: false },
  slug: { type: DataTypes.STRING(50), allowNull: false, unique: true },
  kind: { type: DataTypes.ENUM(...KINDS), allowNull: false, defaultValue: "plain" },
  done: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
  price: { type: DataTypes.DECIMAL(10, 2), allowNull: false, defaultValue: 0 },
  data: { type: DataTypes.JSON },
  blob: { type: DataTypes.BLOB },
  parent_id: { type: DataTypes.INTEGER, references: { model: "things", key: "id" }, onDelete: "SET NULL" },
  created_at: { type: DataTypes.DATE, allowNull: false },
});

const indexes = () => [
  { name: "things_list", fields: ["done", { name: "created_at", order: "DESC" as const }, "id"] },
  { name: "things_lower", fields: [fn("lower", col("title")), "id"] },
  { name: "things_open", unique: true, fields: ["owner_id", "title"], where: { done: false } },
];

function defineModels(sequelize: Sequelize): ModelStatic<Model>[] {
  const { id, created_at, ...others } = columns();
  const owner = sequelize.define(
    "owner",
    { id: { type: DataTypes.UUID, primaryKey: true } },
    { timestamps: false },
  );
  const thing = sequelize.define(
    "thing",
    { id, ...others, createdAt: { ...created_at, field: "created_at" } },
    {
      updatedAt: false,
      indexes: indexes(),
    },
  );
  // The one that refers to the other stands first: the order must not matter.
  return [thing, owner];
}

/** Makes the tables as a migration does, with what `change` makes of the columns. */
async function migrated(change: (given: ReturnType<typeof columns>) => object = (given) => given) {
  const tables = sequelize.getQueryInterface();
  await tables.createTable("owners", { id: { type: DataTypes.UUID, primaryKey: true } });
  await tables.createTable("things", change(columns()) as never);
  for (const index of indexes()) await tables.addIndex("things", index);
}

const differences = async () =>
  compare(await schemaOfModels(models, database.url), await describeSchema(sequelize));

const alter = (sql: string) => sequelize.query(sql);

const addTrigger = (name: string) =>
  alter(
    sequelize.getDialect() === "sqlite"
      ? `CREATE TRIGGER ${name} AFTER DELETE ON things BEGIN DELETE FROM owners WHERE id = old.owner_id; END`
      : `CREATE TRIGGER ${name} BEFORE UPDATE ON things FOR EACH ROW
         EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  );

const dropTrigger = (name: string) =>
  alter(`DROP TRIGGER ${name}${sequelize.getDialect() === "sqlite" ? "" : " ON things"}`);

describe("check, in a real database,", { timeout: LONG }, () => {
  test("agrees where a migration makes what the models say", async () => {
    await migrated();
    expect(await differences()).toEqual([]);
    const { things } = await describeSchema(sequelize);
    expect(things).toMatchObject({ primaryKey: ["id"], columns: { id: { default: "AUTOINCREMENT" } } });
    expect(things!.indexes.map(({ fields }) => fields)).toContainEqual(["done", "created_at DESC", "id"]);
    expect([Object.keys(things!.columns).length, things!.indexes.length, things!.foreignKeys.length]).toEqual(
      [11, 4, 2],
    );
  });

  test("agrees on tables that refer to each other", async () => {
    const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
    const nestId = {
      type: DataTypes.INTEGER,
      references: { model: "nests", key: "id" },
      onDelete: "CASCADE",
    };
    const birdId = {
      type: DataTypes.INTEGER,
      references: { model: "birds", key: "id" },
      onDelete: "SET NULL",
    };
    const tables = sequelize.getQueryInterface();
    await tables.createTable("nests", { id });
    await tables.createTable("birds", { id, nest_id: nestId });
    await tables.addColumn("nests", "bird_id", birdId);
    const own = connect(database.url);
    own.define("nest", { id, bird_id: birdId }, { timestamps: false });
    own.define("bird", { id, nest_id: nestId }, { timestamps: false });
    const asked = await schemaOfModels(Object.values(own.models), database.url);
    await own.close();
    expect(compare(asked, await describeSchema(sequelize))).toEqual([]);
    expect(asked.birds!.foreignKeys).toMatchObject([{ target: "nests (id)", onDelete: "CASCADE" }]);
  });

  test("reads the same from tables whose foreign keys and triggers were made in another order", async () => {
    await migrated();
    const keys = ["owner_id UUID REFERENCES owners (id)", "parent_id INTEGER REFERENCES things (id)"];
    const triggers = ["things_count", "things_other"];
    const made = async (order: <Value>(values: Value[]) => Value[]) => {
      await alter(`CREATE TABLE links (${order(keys).join(", ")})`);
      for (const name of order(triggers)) await addTrigger(name);
      const { links, things } = await describeSchema(sequelize);
      await alter("DROP TABLE links");
      for (const name of triggers) await dropTrigger(name);
      return [links!.foreignKeys, things!.triggers];
    };
    const [foreignKeys, names] = await made((values) => values);
    expect([foreignKeys, names]).toEqual([
      [
        expect.objectContaining({ columns: ["owner_id"], target: "owners (id)" }),
        expect.objectContaining({ columns: ["parent_id"], target: "things (id)" }),
      ],
      triggers,
    ]);
    expect(await made((values) => values.toReversed())).toEqual([foreignKeys, names]);
  });

  test("sees tables that are missing or too many", async () => {
    await alter("CREATE TABLE surplus (id INTEGER)");
    expect(await differences()).toEqual([
      "owners: a model has this table, the database has not",
      "surplus: the database has this table, no model has",
      "things: a model has this table, the database has not",
    ]);
  });

  test("sees columns that are missing or too many", async () => {
    await migrated(({ data: _, ...given }) => ({ ...given, extra: { type: DataTypes.TEXT } }));
    expect(await differences()).toEqual(
      [
        "things.data: the model has this column, the database has not",
        "things.extra: the database has this column, the model has not",
      ].sort(),
    );
  });

  test("sees types, nulls and defaults that differ", async () => {
    await migrated(({ title, done, slug, ...given }) => ({
      ...given,
      title: { ...title, type: DataTypes.STRING(100) },
      done: { type: done.type, allowNull: false },
      slug: { ...slug, allowNull: true },
    }));
    expect(await differences()).toEqual([
      expect.stringMatching(/^things\.done: the model says default (0|false), the database no default$/),
      "things.slug: the model says not null, the database null allowed",
      "things.title: the model says VARCHAR(200), the database VARCHAR(100)",
    ]);
  });

  test("sees a primary key that is missing", async () => {
    await migrated(({ id, parent_id, ...given }) => ({
      ...given,
      id: { type: id.type, allowNull: false },
      parent_id: { type: parent_id.type },
    }));
    expect(await differences()).toEqual(
      expect.arrayContaining(["things: the model says primary key (id), the database no primary key"]),
    );
  });

  test("sees indexes that are missing, too many, in another order or not unique", async () => {
    await migrated();
    await alter("DROP INDEX things_list");
    await alter("DROP INDEX things_lower");
    await alter("DROP INDEX things_open");
    await alter("CREATE INDEX things_list ON things (done, id, created_at DESC)");
    await alter("CREATE INDEX things_open ON things (owner_id, title) WHERE done = false");
    await alter("CREATE INDEX things_surplus ON things (price)");
    const found = await differences();
    expect(
      found.map((line) => line.replaceAll("::text", "").replace(/ where .*?(?=,|$)/g, " where …")),
    ).toEqual([
      "things, index things_list: the model says (done, created_at DESC, id), the database (done, id, created_at DESC)",
      "things, index things_open: the model says unique (owner_id, title) where …, the database (owner_id, title) where …",
      "things: the model has index things_lower (lower(title), id), the database has not",
      "things: the database has index things_surplus (price), the model has not",
    ]);
  });

  test("sees triggers that are missing or too many, and none of those that keep foreign keys", async () => {
    await migrated();
    const [thing] = models as [ModelStatic<Model> & { triggers?: object }, ModelStatic<Model>];
    thing.triggers = { sqlite: ["things_count"], postgres: ["things_count"] };
    try {
      expect(await differences()).toEqual([
        "things: the model has trigger things_count, the database has not",
      ]);
      for (const name of ["things_count", "things_other"]) await addTrigger(name);
      expect(await differences()).toEqual([
        "things: the database has trigger things_other, the model has not",
      ]);
    } finally {
      thing.triggers = undefined;
    }
  });

  test("sees a unique constraint that is missing, and takes a unique index for one", async () => {
    await migrated(({ slug, ...given }) => ({ ...given, slug: { ...slug, unique: false } }));
    expect(await differences()).toEqual(["things: the model has unique (slug), the database has not"]);
    await alter("CREATE UNIQUE INDEX any_name ON things (slug)");
    expect(await differences()).toEqual([]);
  });

  test("sees foreign keys that are missing, point elsewhere or delete otherwise", async () => {
    await migrated(({ owner_id, parent_id, ...given }) => ({
      ...given,
      owner_id: { ...owner_id, onDelete: "RESTRICT" },
      parent_id: { type: parent_id.type },
    }));
    expect(await differences()).toEqual([
      "things.owner_id: the model says references owners (id) on delete CASCADE on update NO ACTION, the database references owners (id) on delete RESTRICT on update NO ACTION",
      "things.parent_id: the model says references things (id) on delete SET NULL on update NO ACTION, the database no foreign key",
    ]);
  });

  test("passes over what no model can describe: views, and SQLite's virtual tables", async () => {
    await migrated();
    const isPostgres = sequelize.getDialect() === "postgres";
    await alter(
      isPostgres
        ? "CREATE VIEW surplus AS SELECT id FROM things"
        : "CREATE VIRTUAL TABLE surplus USING fts5(title)",
    );
    const found = await differences();
    await alter(isPostgres ? "DROP VIEW surplus" : "DROP TABLE surplus");
    expect(found).toEqual([]);
  });

  test("leaves nothing behind, and the tables as they were", async () => {
    const folder = scratchFolder();
    vi.stubEnv("TMPDIR", folder);
    await migrated();
    await sequelize
      .getQueryInterface()
      .bulkInsert("owners", [{ id: "5f0c7a52-6a0e-4c55-9d2d-0a4c7a1f5c11" }]);
    const before = await describeSchema(sequelize);
    const schemas = async () => (await sequelize.getQueryInterface().showAllSchemas()).toString();
    const schemasBefore = await schemas();

    await schemaOfModels(models, database.url);

    expect(await describeSchema(sequelize)).toEqual(before);
    expect(await schemas()).toBe(schemasBefore);
    expect(readdirSync(folder)).toEqual([]);
    const [rows] = await sequelize.query("SELECT count(*) AS count FROM owners");
    expect(rows).toEqual([{ count: expect.toSatisfy((count) => Number(count) === 1) }]);
    vi.unstubAllEnvs();
  });
});

describe("the command check", { timeout: LONG }, () => {
  test("passes on the models and migrations of this project, and fails at any difference", async () => {
    expect(await manage(["check"])).toEqual({ code: 0, stdout: "Models and schema agree.\n", stderr: "" });

    const { sequelize } = await import("#models/database.server");
    await sequelize.query("CREATE TABLE surplus (id INTEGER)");
    await sequelize.query("CREATE TABLE surplus_too (id INTEGER)");
    const answer = await manage(["check"]);
    await sequelize.query("DROP TABLE surplus");
    await sequelize.query("DROP TABLE surplus_too");
    expect(answer).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "surplus: the database has this table, no model has\nsurplus_too: the database has this table, no model has\n",
    });
  });

  test("fails while migrations have not run, and where one has run that is not there", async () => {
    const empty = await ownDatabase();
    const env = { DATABASE_URL: empty.url };
    const pending = migrations.map(
      ({ name }) => `The migration ${name} has not run. Run: npm run manage -- migrate\n`,
    );
    expect(await manage(["check"], { env })).toEqual({ code: 1, stdout: "", stderr: pending.join("") });

    await manage(["migrate"], { env });
    await empty.ask((sequelize) => sequelize.query("INSERT INTO migrations (name) VALUES ('9999-later')"));
    expect(await manage(["check"], { env })).toEqual({
      code: 1,
      stdout: "",
      stderr: "The database has run the migration 9999-later, which is not in models/migrations.\n",
    });
  });
});
