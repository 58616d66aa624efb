/**
 * The ledger of stock: every change of a quantity is a row, and what they add up to is the quantity. Quantities change
 * by what is added to them, and only where it leaves one that can be: so none is ever lost, or falls below nothing.
 */
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Transaction,
} from "sequelize";
import type { Actor } from "./activity.server";
import { isPostgres, sequelize, transaction } from "./database.server";
import { optionalLine, wholeNumber } from "./rules";
import { insertAll, select, stored } from "./sql.server";

/** More of one thing nobody has, and two of these are still an INTEGER. */
export const MOST = 1_000_000_000;

export const moveAmount = wholeNumber({ name: "Quantity", max: MOST, empty: "Enter a quantity" });
export const moveReference = optionalLine({
  name: "Reference",
  max: 100,
  empty: "Enter a reference that can be seen",
});

/** Why a quantity changes. `count` says what there is, the others how much more or less. */
export const REASONS = ["receive", "issue", "count"] as const;
export type Reason = (typeof REASONS)[number];

export interface MoveValues {
  reason: Reason;
  /** Pieces: received, issued, or there. */
  amount: number;
  /** What it refers to, such as the number of an order. */
  reference: string;
}

/** A row of the ledger as pages get it. */
export interface MoveRow {
  id: number;
  createdAt: Date;
  /** By username; empty where nobody was signed in. */
  by: string;
  reason: Reason;
  reference: string;
  delta: number;
  /** The quantity after it. */
  balance: number;
}

/** A row of the ledger as it is written. */
export type LedgerRow = Omit<MoveRow, "id"> & { itemId: number };

/** It would leave less than nothing, or more than MOST. */
export class OutOfRange extends Error {}

export class StockMove extends Model<InferAttributes<StockMove>, InferCreationAttributes<StockMove>> {
  declare id: CreationOptional<number>;
  declare itemId: number;
  declare createdAt: CreationOptional<Date>;
  declare userId: CreationOptional<number | null>;
  /** Their name at that time; it stays when they go. */
  declare userName: string;
  declare reason: Reason;
  declare reference: CreationOptional<string>;
  declare delta: number;
  /** The quantity after it. */
  declare balance: number;

  /**
   * Changes the quantity of an item, and writes that down.
   *
   * @returns the row, or null when there is no such item.
   * @throws OutOfRange, in words for the person; ZodError when a value breaks its rule.
   */
  static async book(
    itemId: number,
    { reason, amount, reference }: MoveValues,
    by: Actor | null,
  ): Promise<{ delta: number; balance: number } | null> {
    const typed = moveAmount.parse(amount);
    const note = { reason, reference: moveReference.parse(reference) };
    return transaction(async (transaction) => {
      const before = await quantityOf(itemId, transaction);
      if (before === null) return null;
      const delta = { receive: typed, issue: -typed, count: typed - before }[reason];
      const balance = await change(itemId, delta, transaction);
      if (balance === null)
        throw new OutOfRange(
          delta < 0
            ? `Only ${before.toLocaleString("en")} in stock`
            : `With that there would be more than ${MOST.toLocaleString("en")}`,
        );
      await write({ itemId, ...note, delta, balance }, by, transaction);
      return { delta, balance };
    });
  }

  /**
   * Brings the ledger level with a quantity that was set in the caller's transaction: of a new item, or by hand in the
   * admin. Nothing where it is level.
   */
  static async settle(
    { id: itemId, quantity: balance }: { id: number; quantity: number },
    reference: string,
    by: Actor | null,
    transaction: Transaction,
  ) {
    const [last] = await select<{ balance: number }>(
      "SELECT balance FROM stock_moves WHERE item_id = :itemId ORDER BY id DESC LIMIT 1",
      { itemId },
      transaction,
    );
    const delta = balance - (last?.balance ?? 0);
    if (delta !== 0) await write({ itemId, reason: "count", reference, delta, balance }, by, transaction);
  }

  /** Writes down what has happened, for very many items at once: their quantities have to be what this leads to. */
  static async writeAll(rows: LedgerRow[], transaction: Transaction) {
    const columns = rows.map(({ itemId, createdAt, by, ...row }) => ({
      ...row,
      item_id: itemId,
      created_at: createdAt,
      user_name: by,
    }));
    await insertAll("stock_moves", columns, transaction);
  }

  /** The last `limit` moves of an item, the newest first; those before one of them with `before`. */
  static async of(
    itemId: number,
    { before = null, limit }: { before?: number | null; limit: number },
  ): Promise<MoveRow[]> {
    const rows = await select<MoveRow>(
      `SELECT id, created_at AS "createdAt", user_name AS "by", reason, reference, delta, balance FROM stock_moves
       WHERE item_id = :itemId ${before === null ? "" : "AND id < :before"} ORDER BY id DESC LIMIT :limit`,
      { itemId, before, limit },
    );
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  }
}

/** Where it is asked first, nobody else changes it until the transaction ends: on SQLite nobody else could. */
async function quantityOf(id: number, transaction: Transaction): Promise<number | null> {
  const lock = isPostgres() ? "FOR UPDATE" : "";
  const sql = `SELECT quantity FROM items WHERE id = :id ${lock}`;
  const [row] = await select<{ quantity: number }>(sql, { id }, transaction);
  return row?.quantity ?? null;
}

/** @returns the new quantity, or null where it cannot be. */
async function change(id: number, delta: number, transaction: Transaction): Promise<number | null> {
  const [row] = await select<{ quantity: number }>(
    `UPDATE items SET quantity = quantity + :delta
     WHERE id = :id AND quantity + :delta BETWEEN 0 AND ${MOST} RETURNING quantity`,
    { id, delta },
    transaction,
  );
  return row?.quantity ?? null;
}

type Written = Pick<LedgerRow, "itemId" | "reason" | "reference" | "delta" | "balance">;

/** Whoever it is may have been deleted meanwhile, and stays on record by name. */
async function write(row: Written, by: Actor | null, transaction: Transaction) {
  await sequelize.query(
    `INSERT INTO stock_moves (item_id, created_at, user_id, user_name, reason, reference, delta, balance)
     VALUES (:itemId, :now, (SELECT id FROM users WHERE id = :userId), :userName, :reason, :reference, :delta, :balance)`,
    {
      replacements: { ...row, now: stored(new Date()), userId: by?.id ?? 0, userName: by?.username ?? "" },
      transaction,
    },
  );
}

StockMove.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    itemId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "items", key: "id" },
      onDelete: "CASCADE",
    },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    userName: { type: DataTypes.STRING(150), allowNull: false },
    reason: { type: DataTypes.STRING(10), allowNull: false },
    reference: { type: DataTypes.STRING(100), allowNull: false, defaultValue: "" },
    delta: { type: DataTypes.INTEGER, allowNull: false },
    balance: { type: DataTypes.INTEGER, allowNull: false },
  },
  {
    sequelize,
    modelName: "stock_move",
    tableName: "stock_moves",
    updatedAt: false,
    indexes: [
      { name: "stock_moves_item", fields: ["item_id", "id"] },
      { name: "stock_moves_user_id", fields: ["user_id"] },
    ],
  },
);

const refuse = () => {
  throw new Error("The ledger of stock is only ever added to.");
};
StockMove.addHook("beforeUpdate", refuse);
StockMove.addHook("beforeBulkUpdate", refuse);
StockMove.addHook("beforeDestroy", refuse);
StockMove.addHook("beforeBulkDestroy", refuse);
