import { col, DataTypes, Op } from "sequelize";
import type { Migration } from "../migrate.server";
import { addTrigrams } from "../schema/trigrams";

type Context = Parameters<Migration["up"]>[0];

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const whole = { type: DataTypes.INTEGER, allowNull: false };
const date = { type: DataTypes.DATE, allowNull: false };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  await queryInterface.createTable(
    "items",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      name: text(200),
      sku: text(64),
      sku_key: { type: DataTypes.TEXT, allowNull: false },
      search: { type: DataTypes.TEXT, allowNull: false },
      quantity: { ...whole, defaultValue: 0 },
      location: { ...text(100), defaultValue: "" },
      low_stock: { ...whole, defaultValue: 0 },
      price: { type: DataTypes.INTEGER },
      created_at: date,
      updated_at: date,
    },
    { transaction },
  );
  await queryInterface.createTable(
    "stock_moves",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      item_id: { ...whole, references: { model: "items", key: "id" }, onDelete: "CASCADE" },
      created_at: date,
      user_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
      user_name: text(150),
      reason: text(10),
      reference: { ...text(100), defaultValue: "" },
      delta: whole,
      balance: whole,
    },
    { transaction },
  );
  const isPostgres = queryInterface.sequelize.getDialect() === "postgres";
  await (isPostgres ? postgres : sqlite)({ queryInterface, transaction });

  const index = (name: string, fields: string[], options = {}) =>
    queryInterface.addIndex("items", { name, fields, transaction, ...options });
  await index("items_sku_key", ["sku_key"], { unique: true });
  await index("items_count", ["low_stock"]);
  await index("items_by_name", ["search", "id"]);
  await index("items_by_sku", ["sku_key", "search", "id"]);
  await index("items_by_location", ["location", "search", "id"]);
  await index("items_by_quantity", ["quantity", "search", "id"]);
  await index("items_low", ["search", "location", "id"], {
    where: { quantity: { [Op.lte]: col("low_stock") } },
  });
  await queryInterface.addIndex("stock_moves", ["item_id", "id"], { name: "stock_moves_item", transaction });
  await queryInterface.addIndex("stock_moves", ["user_id"], { name: "stock_moves_user_id", transaction });
};

/**
 * SQLite: every three letters that follow each other, with where they stand. It keeps no text of its own and takes it
 * from the table, so triggers tell it of each change. A migration that makes the table anew has to make them again.
 */
async function sqlite({ queryInterface, transaction }: Context) {
  const add = "INSERT INTO items_trigrams (rowid, search) VALUES (new.id, new.search);";
  const remove =
    "INSERT INTO items_trigrams (items_trigrams, rowid, search) VALUES ('delete', old.id, old.search);";
  for (const sql of [
    `CREATE VIRTUAL TABLE items_trigrams USING fts5(search, content='items', content_rowid='id', columnsize=0,
       tokenize='trigram case_sensitive 1')`,
    `CREATE TRIGGER items_trigrams_insert AFTER INSERT ON items BEGIN ${add} END`,
    `CREATE TRIGGER items_trigrams_delete AFTER DELETE ON items BEGIN ${remove} END`,
    `CREATE TRIGGER items_trigrams_update AFTER UPDATE OF id, search ON items
       WHEN old.search <> new.search OR old.id <> new.id BEGIN ${remove} ${add} END`,
  ])
    await queryInterface.sequelize.query(sql, { transaction });
}

/** Postgres: the same from an extension; and the order of characters of SQLite, whatever the locale. */
async function postgres({ queryInterface, transaction }: Context) {
  await queryInterface.sequelize.query(
    `ALTER TABLE items
       ALTER COLUMN search TYPE TEXT COLLATE "C",
       ALTER COLUMN sku_key TYPE TEXT COLLATE "C",
       ALTER COLUMN location TYPE VARCHAR(100) COLLATE "C"`,
    { transaction },
  );
  await addTrigrams({ queryInterface, transaction }, "items", "search");
}

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("stock_moves", { transaction });
  // The extension stays: others may use it by now.
  if (queryInterface.sequelize.getDialect() === "sqlite")
    await queryInterface.sequelize.query("DROP TABLE items_trigrams", { transaction });
  await queryInterface.dropTable("items", { transaction });
};
