/** What was done to which row, by whom and when: what Django's `LogEntry` stands for, with before and after. */
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Transaction,
} from "sequelize";
import { sequelize } from "./database.server";

/** One field before and after, as text; null where there was or is nothing. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

/** Who did it: nobody where the page is open to all. */
export interface Actor {
  id: number;
  name: string;
}

export type Deed = "add" | "change" | "delete" | "restore";

const LABEL = 200;

export class Activity extends Model<InferAttributes<Activity>, InferCreationAttributes<Activity>> {
  declare id: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare userId: number | null;
  /** Their name at that time; it stays when they go. */
  declare userName: string;
  declare deed: Deed;
  declare model: string;
  declare objectId: string;
  /** What the row was called. */
  declare label: string;
  declare changes: Change[];

  /** Notes deeds in the transaction that does them: there they are both, or neither. */
  static async record(
    deeds: { deed: Deed; model: string; objectId: number | string; label: string; changes: Change[] }[],
    by: Actor | null,
    transaction: Transaction,
  ) {
    const rows = deeds.map((deed) => ({
      ...deed,
      objectId: String(deed.objectId),
      label: [...deed.label].slice(0, LABEL).join(""),
      userId: by?.id ?? null,
      userName: by?.name ?? "",
    }));
    await Activity.bulkCreate(rows, { transaction });
  }

  /** What was done to one row, newest first. */
  static of(model: string, objectId: number | string, { limit = 200, transaction }: OfOptions = {}) {
    return Activity.findAll({
      where: { model, objectId: String(objectId) },
      order: [["id", "DESC"]],
      limit,
      transaction,
    });
  }

  /** The newest deeds on rows of these models. */
  static recent(models: string[], limit: number) {
    return Activity.findAll({ where: { model: models }, order: [["id", "DESC"]], limit });
  }
}

interface OfOptions {
  limit?: number;
  transaction?: Transaction;
}

Activity.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    userName: { type: DataTypes.STRING(150), allowNull: false },
    deed: { type: DataTypes.STRING(10), allowNull: false },
    model: { type: DataTypes.STRING(100), allowNull: false },
    objectId: { type: DataTypes.STRING(64), allowNull: false },
    label: { type: DataTypes.STRING(LABEL), allowNull: false },
    changes: { type: DataTypes.JSON, allowNull: false },
  },
  {
    sequelize,
    modelName: "activity",
    tableName: "activities",
    updatedAt: false,
    indexes: [
      { name: "activities_object", fields: ["model", "object_id", "id"] },
      { name: "activities_user_id", fields: ["user_id"] },
    ],
  },
);

const refuse = () => {
  throw new Error("What was done stays on record.");
};
Activity.addHook("beforeUpdate", refuse);
Activity.addHook("beforeBulkUpdate", refuse);
Activity.addHook("beforeDestroy", refuse);
Activity.addHook("beforeBulkDestroy", refuse);
