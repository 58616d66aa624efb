import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const flag = (defaultValue: boolean) => ({ type: DataTypes.BOOLEAN, allowNull: false, defaultValue });

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (name: string, fields: string[]) =>
    queryInterface.addIndex("contact_messages", fields, { name, transaction });

  await queryInterface.createTable(
    "contact_messages",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      reference: { ...text(12), defaultValue: "" },
      email: text(254),
      topic: text(100),
      message: text(2_000),
      unread: flag(true),
      spam: flag(false),
      spam_reason: { ...text(200), defaultValue: "" },
      fingerprint: text(64),
      created_at: { type: DataTypes.DATE, allowNull: false },
    },
    { transaction },
  );
  await index("contact_messages_unread", ["unread", "id"]);
  await index("contact_messages_spam", ["spam", "id"]);
  await index("contact_messages_fingerprint", ["fingerprint", "created_at"]);
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("contact_messages", { transaction });
};
