/**
 * How many items there are. Triggers keep it, so that nobody has to count a million; what only counting tells is counted
 * once for as long as it holds. See docs/decisions/0026-counts-of-items.md.
 */
import { LRUCache } from "lru-cache";
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "./database.server";
import { select } from "./sql.server";

/** Counts that a process remembers. */
const counted = new LRUCache<string, { count: number; version: string }>({ max: 1_000 });

/** Its rows add up: on Postgres every change adds one, lest writers wait for each other. */
export class ItemCount extends Model<InferAttributes<ItemCount>, InferCreationAttributes<ItemCount>> {
  declare id: CreationOptional<number>;
  declare items: number;
  /** Those that are low on stock, or out of it. */
  declare low: number;
  /** Rises by some amount with every change that a list of items could show in its number. */
  declare version: number;

  static async now(): Promise<{ items: number; low: number }> {
    const [row] = await select<{ items: number | string; low: number | string }>(
      "SELECT COALESCE(SUM(items), 0) AS items, COALESCE(SUM(low), 0) AS low FROM item_counts",
    );
    return { items: Number(row!.items), low: Number(row!.low) };
  }

  /**
   * How many rows of items `from` and `where`, both SQL, find. It is exact: a number is said again only while nothing has
   * changed since it was counted.
   */
  static async where(from: string, where: string, values: Record<string, unknown>): Promise<number> {
    const key = JSON.stringify([from, where, values]);
    const known = counted.get(key);
    if (known) {
      const [now] = await select<{ version: string }>(`SELECT ${VERSION} AS version`);
      if (now!.version === known.version) return known.count;
    }
    // One statement sees one state: the number belongs to the version.
    const [row] = await select<{ count: number | string; version: string }>(
      `SELECT (SELECT COUNT(*) FROM ${from} WHERE ${where}) AS count, ${VERSION} AS version`,
      values,
    );
    const count = Number(row!.count);
    counted.set(key, { count, version: row!.version });
    return count;
  }
}

/** As text: it grows beyond what a number in JavaScript holds. */
const VERSION = "(SELECT CAST(COALESCE(SUM(version), 0) AS TEXT) FROM item_counts)";

ItemCount.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    items: { type: DataTypes.INTEGER, allowNull: false },
    low: { type: DataTypes.INTEGER, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  },
  { sequelize, modelName: "item_count", tableName: "item_counts", timestamps: false },
);
