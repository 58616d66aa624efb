import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const body = { type: DataTypes.TEXT, allowNull: false };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  await queryInterface.createTable(
    "mails",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      recipient: text(254),
      reply_to: { ...text(254), defaultValue: "" },
      subject: text(200),
      text: body,
      html: { ...body, defaultValue: "" },
      message_id: text(100),
      fleeting: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      status: { ...text(10), defaultValue: "waiting" },
      answer: { ...body, defaultValue: "" },
      created_at: { type: DataTypes.DATE, allowNull: false },
      sent_at: { type: DataTypes.DATE },
    },
    { transaction },
  );
  await queryInterface.addIndex("mails", ["status", "created_at"], { name: "mails_status", transaction });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("mails", { transaction });
};
