import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  QueryTypes,
  type Transaction,
} from "sequelize";
import { sequelize, transaction } from "./database.server";
import { rowsOf, stored } from "./sql.server";
import { daysAgo, HOUR } from "./time";

/** An event that is counted. */
interface Counted {
  at: Date;
  provider: string;
  isAccepted: boolean;
}

/** How many events came in an hour, those too that were not kept. */
export class Hour extends Model<InferAttributes<Hour>, InferCreationAttributes<Hour>> {
  /** When it began. */
  declare hour: Date;
  declare provider: string;
  declare accepted: CreationOptional<number>;
  declare refused: CreationOptional<number>;

  /** Counts events, in the transaction that stores them. */
  static async tally(events: Counted[], transaction: Transaction) {
    if (events.length === 0) return;
    const sums = new Map<string, { hour: number; provider: string; accepted: number; refused: number }>();
    for (const { at, provider, isAccepted } of events) {
      const hour = at.getTime() - (at.getTime() % HOUR);
      const key = `${hour} ${provider}`;
      const sum = sums.get(key) ?? { hour, provider, accepted: 0, refused: 0 };
      sum[isAccepted ? "accepted" : "refused"] += 1;
      sums.set(key, sum);
    }
    // In one order, so that no two wait for each other.
    const rows = [...sums].sort().map(([, sum]) => sum);
    const { sql, bind } = rowsOf(
      rows.map(({ hour, provider, accepted, refused }) => [
        stored(new Date(hour)),
        provider,
        accepted,
        refused,
      ]),
    );
    await sequelize.query(
      `INSERT INTO webhook_hours (hour, provider, accepted, refused) VALUES ${sql}
       ON CONFLICT (hour, provider) DO UPDATE SET
         accepted = webhook_hours.accepted + excluded.accepted, refused = webhook_hours.refused + excluded.refused`,
      { type: QueryTypes.RAW, transaction, bind },
    );
  }

  /** The last `hours`, the oldest first, of one provider or of all. */
  static async last(hours: number, provider: string | null, now = Date.now()) {
    const first = now - (now % HOUR) - (hours - 1) * HOUR;
    const where = { hour: { [Op.gte]: new Date(first) }, ...(provider && { provider }) };
    const rows = await Hour.findAll({ where });
    const bars = Array.from({ length: hours }, (_, n) => ({
      at: new Date(first + n * HOUR),
      accepted: 0,
      refused: 0,
    }));
    for (const { hour, accepted, refused } of rows) {
      const bar = bars[(hour.getTime() - first) / HOUR];
      if (!bar) continue;
      bar.accepted += accepted;
      bar.refused += refused;
    }
    return bars;
  }

  /** Those who have sent anything. */
  static async providers(transaction?: Transaction): Promise<string[]> {
    const rows = await Hour.findAll({
      attributes: ["provider"],
      group: ["provider"],
      order: ["provider"],
      transaction,
      raw: true,
    });
    return rows.map(({ provider }) => provider);
  }

  /** Deletes what is more than `days` old. */
  static async sweep(days: number) {
    const hour = { [Op.lt]: daysAgo(days) };
    await transaction((transaction) => Hour.destroy({ where: { hour }, transaction }));
  }
}

Hour.init(
  {
    hour: { type: DataTypes.DATE, primaryKey: true, allowNull: false },
    provider: { type: DataTypes.STRING(40), primaryKey: true, allowNull: false },
    accepted: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    refused: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  },
  { sequelize, modelName: "hour", tableName: "webhook_hours", timestamps: false },
);
