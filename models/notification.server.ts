/** What people are told in the page head, each thing once, and how much of it is new to them. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
} from "sequelize";
import { isPostgres, type Slice, sequelize, transaction } from "./database.server";
import { select } from "./sql.server";
import { daysAgo } from "./time";
import { User } from "./user.server";

/** Unseen ones are counted up to here. */
export const MOST_UNSEEN = 100;

/** How many of them a row `u` of users has not seen, up to MOST_UNSEEN: two ranges of one index. */
export const UNSEEN = `(SELECT COUNT(*) FROM (
    SELECT n.id FROM (SELECT id FROM notifications
      WHERE user_id IS NULL AND id > u.seen_notification LIMIT ${MOST_UNSEEN}) n
    UNION ALL
    SELECT n.id FROM (SELECT id FROM notifications
      WHERE user_id = u.id AND id > u.seen_notification LIMIT ${MOST_UNSEEN}) n
    LIMIT ${MOST_UNSEEN}) unseen)`;

/** The newest of those up to `:id`, which need not be one. */
const UP_TO = "(SELECT MAX(id) FROM notifications WHERE id <= :id)";

/** What is told. */
export interface NewNotification {
  /** Of the event that it tells of: of one key there is one. */
  key: string;
  text: string;
  /** Where it leads. */
  path: string;
  /** Whom it is for; null is everybody who signs in. */
  userId?: number | null;
}

/** One as pages get it. */
interface NotificationRow {
  id: number;
  text: string;
  path: string;
  createdAt: Date;
  isNew: boolean;
}

export class Notification extends Model<
  InferAttributes<Notification>,
  InferCreationAttributes<Notification>
> {
  static readonly noted: (keyof Attributes<Notification>)[] = ["text", "path"];

  declare id: CreationOptional<number>;
  declare key: string;
  declare text: string;
  declare path: string;
  declare userId: CreationOptional<number | null>;
  declare createdAt: CreationOptional<Date>;

  /** Tells something, in the caller's transaction. What was told already, by its key, is not told again. */
  static async add(values: NewNotification, transaction: Transaction) {
    // Ids commit in their order, so that nobody marks as seen what was not there to be seen.
    if (isPostgres()) {
      await sequelize.query("LOCK TABLE notifications IN SHARE ROW EXCLUSIVE MODE", { transaction });
    }
    await Notification.bulkCreate([values], { ignoreDuplicates: true, transaction });
  }

  /** `limit` of those that a person may see from `offset` on, the newest first. */
  static async list(userId: number, { offset, limit }: Slice) {
    const rows = await select<NotificationRow>(
      `SELECT n.id, n.text, n.path, n.created_at AS "createdAt", n.id > u.seen_notification AS "isNew"
       FROM notifications n JOIN users u ON u.id = :userId
       WHERE n.user_id IS NULL OR n.user_id = :userId
       ORDER BY n.id DESC LIMIT :limit OFFSET :offset`,
      { userId, offset, limit },
    );
    return rows.map(read);
  }

  /** How many a person may see. */
  static countFor(userId: number) {
    return Notification.count({ where: { userId: { [Op.or]: [null, userId] } } });
  }

  /** What everybody was told of a page, the newest first. */
  static async leadingTo(
    path: string,
    limit: number,
  ): Promise<{ id: number; text: string; createdAt: Date }[]> {
    const rows = await Notification.findAll({
      attributes: ["id", "text", "createdAt"],
      where: { path, userId: null },
      order: [["id", "DESC"]],
      limit,
      raw: true,
    });
    return rows.map(({ id, text, createdAt }) => ({ id, text, createdAt: new Date(createdAt) }));
  }

  /** Marks all up to `id` as seen by a person; what they have seen stays seen, and what is to come is not. */
  static async markSeen(userId: number, id: number) {
    await transaction((transaction) =>
      sequelize.query(
        `UPDATE users SET seen_notification = ${UP_TO} WHERE id = :userId AND seen_notification < ${UP_TO}`,
        { replacements: { userId, id }, transaction },
      ),
    );
  }

  /** Deletes those that are more than `days` old. @returns how many went. */
  static sweep(days: number) {
    const createdAt = { [Op.lt]: daysAgo(days) };
    return transaction((transaction) => Notification.destroy({ where: { createdAt }, transaction }));
  }
}

/** Raw rows keep SQLite's own types: 0 and 1, and dates as text. */
const read = ({ isNew, createdAt, ...row }: NotificationRow): NotificationRow => ({
  ...row,
  isNew: Boolean(isNew),
  createdAt: new Date(createdAt),
});

Notification.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    key: { type: DataTypes.STRING(200), allowNull: false },
    text: { type: DataTypes.STRING(500), allowNull: false },
    path: { type: DataTypes.STRING(200), allowNull: false },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "CASCADE" },
    createdAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "notification",
    tableName: "notifications",
    updatedAt: false,
    indexes: [
      { name: "notifications_key", fields: ["key"], unique: true },
      { name: "notifications_user_id", fields: ["user_id", "id"] },
      { name: "notifications_path", fields: ["path", "id"] },
      { name: "notifications_created_at", fields: ["created_at"] },
    ],
  },
);

/** What was told before somebody came is no news to them. */
User.addHook("beforeCreate", async (user, { transaction }) => {
  (user as User).seenNotification = (await Notification.max("id", { transaction })) ?? 0;
});
