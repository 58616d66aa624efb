import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

type Context = Parameters<Migration["up"]>[0];

/** Counts of items that triggers keep: see docs/decisions/0026-counts-of-items.md. */
export const up: Migration["up"] = async (context) => {
  const { queryInterface, transaction } = context;
  const whole = { type: DataTypes.INTEGER, allowNull: false };
  await queryInterface.createTable(
    "item_counts",
    {
      id: { ...whole, primaryKey: true, autoIncrement: true },
      items: whole,
      low: whole,
      version: { type: DataTypes.BIGINT, allowNull: false },
    },
    { transaction },
  );
  await run(context, isPostgres(context) ? POSTGRES : SQLITE);
  await run(context, [
    `INSERT INTO item_counts (items, low, version)
     SELECT COUNT(*), COUNT(CASE WHEN quantity <= low_stock THEN 1 END), 1 FROM items`,
  ]);
  await queryInterface.removeIndex("items", "items_count", { transaction });
};

export const down: Migration["down"] = async (context) => {
  const { queryInterface, transaction } = context;
  const names = ["insert", "update", "delete"].map((verb) => `item_counts_${verb}`);
  if (isPostgres(context))
    await run(context, [
      ...[...names, "item_counts_truncate"].map((name) => `DROP TRIGGER ${name} ON items`),
      "DROP FUNCTION item_counts_add()",
    ]);
  else
    await run(
      context,
      names.map((name) => `DROP TRIGGER ${name}`),
    );
  await queryInterface.dropTable("item_counts", { transaction });
  await queryInterface.addIndex("items", { name: "items_count", fields: ["low_stock"], transaction });
};

/** What a search, a filter or the mark of a low stock looks at. */
const SEEN = `old.search <> new.search OR old.location <> new.location
  OR (old.quantity <= old.low_stock) <> (new.quantity <= new.low_stock)`;

/** There is one writer at a time, so one row will do. The amounts by which the version rises are no pattern. */
const change = (items: string, low: string) =>
  `INSERT INTO item_counts (id, items, low, version)
   VALUES (1, ${items}, ${low}, 1 + (random() & 1073741823))
   ON CONFLICT (id) DO UPDATE SET
     items = items + excluded.items, low = low + excluded.low, version = version + excluded.version;`;

const SQLITE = [
  `CREATE TRIGGER item_counts_insert AFTER INSERT ON items
   BEGIN ${change("1", "new.quantity <= new.low_stock")} END`,
  `CREATE TRIGGER item_counts_delete AFTER DELETE ON items
   BEGIN ${change("-1", "-(old.quantity <= old.low_stock)")} END`,
  `CREATE TRIGGER item_counts_update AFTER UPDATE OF search, location, quantity, low_stock ON items WHEN ${SEEN}
   BEGIN ${change("0", "(new.quantity <= new.low_stock) - (old.quantity <= old.low_stock)")} END`,
];

/** Every change adds a row of its own. Each hundredth puts those together that no other transaction holds. */
const POSTGRES = [
  `CREATE FUNCTION item_counts_add() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE added INTEGER; items_by INTEGER := 0; low_by INTEGER := 0;
   BEGIN
     IF TG_OP = 'INSERT' THEN
       SELECT COUNT(*), COUNT(*) FILTER (WHERE quantity <= low_stock) INTO items_by, low_by FROM new_items;
     ELSIF TG_OP = 'DELETE' THEN
       SELECT -COUNT(*), -COUNT(*) FILTER (WHERE quantity <= low_stock) INTO items_by, low_by FROM old_items;
     ELSIF TG_OP = 'UPDATE' THEN
       low_by := (new.quantity <= new.low_stock)::INTEGER - (old.quantity <= old.low_stock)::INTEGER;
     ELSE
       SELECT -COALESCE(SUM(items), 0), -COALESCE(SUM(low), 0) INTO items_by, low_by FROM item_counts;
     END IF;
     INSERT INTO item_counts (items, low, version)
       VALUES (items_by, low_by, 1 + floor(random() * 1073741824)) RETURNING id INTO added;
     IF added % 100 = 0 THEN
       WITH gone AS (
         DELETE FROM item_counts WHERE id IN (SELECT id FROM item_counts FOR UPDATE SKIP LOCKED)
         RETURNING items, low, version
       )
       INSERT INTO item_counts (items, low, version) SELECT SUM(items), SUM(low), SUM(version) FROM gone;
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER item_counts_insert AFTER INSERT ON items REFERENCING NEW TABLE AS new_items
   FOR EACH STATEMENT EXECUTE FUNCTION item_counts_add()`,
  `CREATE TRIGGER item_counts_delete AFTER DELETE ON items REFERENCING OLD TABLE AS old_items
   FOR EACH STATEMENT EXECUTE FUNCTION item_counts_add()`,
  `CREATE TRIGGER item_counts_update AFTER UPDATE ON items FOR EACH ROW WHEN (${SEEN})
   EXECUTE FUNCTION item_counts_add()`,
  `CREATE TRIGGER item_counts_truncate AFTER TRUNCATE ON items
   FOR EACH STATEMENT EXECUTE FUNCTION item_counts_add()`,
];

const isPostgres = ({ queryInterface }: Context) => queryInterface.sequelize.getDialect() === "postgres";

async function run({ queryInterface, transaction }: Context, statements: string[]) {
  for (const sql of statements) await queryInterface.sequelize.query(sql, { transaction });
}
