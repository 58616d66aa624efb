/** What is in stock, where, and how much of it. */
import {
  type Attributes,
  type CreationOptional,
  col,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
  UniqueConstraintError,
} from "sequelize";
import { z } from "zod";
import { Activity, type Actor } from "./activity.server";
import { sequelize, transaction } from "./database.server";
import { fold } from "./fold";
import { type ItemRow, searchTextOf } from "./item-search.server";
import { line, optionalLine, wholeNumber } from "./rules";
import { trigramIndex } from "./search.server";
import { insertAll, select } from "./sql.server";
import { type LedgerRow, MOST, StockMove } from "./stock-move.server";

const LONGEST = { name: 200, sku: 64, location: 100 };
const TAKEN = "Another item has this SKU already";

export const itemName = line({ name: "Name", max: LONGEST.name, empty: "Enter a name" });
export const itemSku = line({ name: "SKU", max: LONGEST.sku, empty: "Enter a SKU" });
export const itemLocation = optionalLine({
  name: "Location",
  max: LONGEST.location,
  empty: "Enter a location that can be seen",
});
export const itemQuantity = wholeNumber({ name: "Quantity", max: MOST });
export const itemLowStock = wholeNumber({ name: "Low stock", max: MOST });
/** In hundredths; null for none. */
export const itemPrice = z.preprocess(
  (typed) => (typed === "" || typed === undefined ? null : typed),
  wholeNumber({ name: "Price", max: MOST, empty: "Enter a price, or leave it empty" }).nullable(),
);

const schema = z.object({
  name: itemName,
  sku: itemSku,
  location: itemLocation,
  lowStock: itemLowStock,
  price: itemPrice,
});

const COUNTED = ["item_counts_insert", "item_counts_delete", "item_counts_update"];

/** What a person writes of an item. Its quantity is the ledger's. */
export type ItemValues = z.infer<typeof schema>;

/** An item as its page gets it. */
export interface ItemView extends ItemRow {
  createdAt: Date;
  /** When what is written of it was last changed; its quantity changes on its own. */
  updatedAt: Date;
}

/** Another item has this SKU. */
export class SkuTaken extends Error {
  constructor() {
    super(TAKEN);
  }
}

/** Somebody has changed the item since the form was opened. */
export class ItemChanged extends Error {}

export class Item extends Model<InferAttributes<Item>, InferCreationAttributes<Item>> {
  /** What the history keeps of a change; quantities have their ledger. */
  static readonly noted: (keyof Attributes<Item>)[] = ["name", "sku", "location", "lowStock", "price"];

  /** They keep what is searched and what is counted. */
  static readonly triggers = {
    sqlite: [...COUNTED, "items_trigrams_insert", "items_trigrams_delete", "items_trigrams_update"],
    postgres: [...COUNTED, "item_counts_truncate"],
  };

  declare id: CreationOptional<number>;
  declare name: string;
  declare sku: string;
  /** The SKU without case: what has to be unique. Follows it. */
  declare skuKey: CreationOptional<string>;
  /** What is searched. Follows name and SKU. */
  declare search: CreationOptional<string>;
  declare quantity: CreationOptional<number>;
  declare location: CreationOptional<string>;
  /** At this quantity and below it is low. */
  declare lowStock: CreationOptional<number>;
  /** In hundredths. */
  declare price: CreationOptional<number | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;

  static async find(id: number): Promise<ItemView | null> {
    const [row] = await select<ItemView>(
      `SELECT id, name, sku, location, quantity, low_stock AS "lowStock", price, created_at AS "createdAt",
         updated_at AS "updatedAt" FROM items WHERE id = :id`,
      { id },
    );
    // Raw rows keep SQLite's own type for dates: text.
    return row ? { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) } : null;
  }

  /** Adds an item with what there is of it. @throws SkuTaken; ZodError when a value breaks its rule. @returns its id. */
  static async add(written: ItemValues & { quantity: number }, by: Actor | null): Promise<number> {
    const values = { ...schema.parse(written), quantity: itemQuantity.parse(written.quantity) };
    return claiming(() =>
      transaction(async (transaction) => {
        const item = await Item.create(values, { transaction });
        await Activity.note("add", item, by, transaction);
        await StockMove.settle(item, "Opening stock", by, transaction);
        return item.id;
      }),
    );
  }

  /**
   * Changes what was written.
   *
   * @param version When that was last changed as the form was opened.
   * @returns whether there is such an item.
   * @throws SkuTaken; ItemChanged where somebody has changed it since `version`; ZodError when a value breaks its rule.
   */
  static async edit(id: number, written: ItemValues, version: Date, by: Actor | null): Promise<boolean> {
    const values = schema.parse(written);
    return claiming(() =>
      transaction(async (transaction) => {
        const item = await Item.findByPk(id, { transaction, lock: true });
        if (!item) return false;
        if (item.updatedAt.getTime() !== version.getTime()) throw new ItemChanged();
        await Activity.note("change", item.set(values), by, transaction);
        await item.save({ transaction });
        return true;
      }),
    );
  }

  /**
   * Adds those whose SKU there is not yet, with the moves that have led to their quantity, the oldest first. It goes
   * round models and history: it is for very many at once.
   */
  static async addMissing(items: (ItemValues & { moves: Omit<LedgerRow, "itemId" | "balance" | "by">[] })[]) {
    await transaction(async (transaction) => {
      const known = await idsOf(items, transaction);
      const missing = items.filter(({ sku }) => !known.has(fold(sku)));
      const rows = missing.map(({ moves, lowStock, ...item }) => ({
        ...item,
        sku_key: fold(item.sku),
        search: searchTextOf(item),
        quantity: moves.reduce((sum, { delta }) => sum + delta, 0),
        low_stock: lowStock,
        created_at: moves[0]?.createdAt ?? new Date(),
        updated_at: moves[0]?.createdAt ?? new Date(),
      }));
      await insertAll("items", rows, transaction);
      const ids = await idsOf(missing, transaction);
      const ledger = missing.flatMap(({ sku, moves }) => {
        let balance = 0;
        return moves.map((move) => {
          balance += move.delta;
          return { ...move, itemId: ids.get(fold(sku))!, balance, by: "" };
        });
      });
      await StockMove.writeAll(ledger, transaction);
    });
  }
}

/** The ids of those that there are, by SKU without case. */
async function idsOf(items: { sku: string }[], transaction: Transaction): Promise<Map<string, number>> {
  if (items.length === 0) return new Map();
  const rows = await select<{ id: number; key: string }>(
    "SELECT id, sku_key AS key FROM items WHERE sku_key IN (:keys)",
    { keys: items.map(({ sku }) => fold(sku)) },
    transaction,
  );
  return new Map(rows.map(({ id, key }) => [key, id]));
}

async function claiming<T>(save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    throw error instanceof UniqueConstraintError ? new SkuTaken() : error;
  }
}

/** A value that others follow, whatever way it is set. */
function followed(attribute: "name" | "sku", length: number) {
  return {
    type: DataTypes.STRING(length),
    allowNull: false,
    set(this: Item, value: string) {
      this.setDataValue(attribute, value);
      this.setDataValue("skuKey", fold(this.sku ?? ""));
      this.setDataValue("search", searchTextOf({ name: this.name ?? "", sku: this.sku ?? "" }));
    },
  };
}

const inCharacters = { type: DataTypes.TEXT, allowNull: false };

Item.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    name: followed("name", LONGEST.name),
    sku: followed("sku", LONGEST.sku),
    skuKey: inCharacters,
    search: { ...inCharacters },
    quantity: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    location: { type: DataTypes.STRING(LONGEST.location), allowNull: false, defaultValue: "" },
    lowStock: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    price: { type: DataTypes.INTEGER },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    updatedAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "item",
    tableName: "items",
    indexes: [
      { name: "items_sku_key", unique: true, fields: ["sku_key"] },
      { name: "items_by_name", fields: ["search", "id"] },
      { name: "items_by_sku", fields: ["sku_key", "search", "id"] },
      { name: "items_by_location", fields: ["location", "search", "id"] },
      { name: "items_by_quantity", fields: ["quantity", "search", "id"] },
      {
        name: "items_low",
        fields: ["search", "location", "id"],
        where: { quantity: { [Op.lte]: col("low_stock") } } as never,
      },
      ...trigramIndex("items", "search"),
    ],
  },
);
