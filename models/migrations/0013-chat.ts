import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const whole = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };
const date = { type: DataTypes.DATE, allowNull: false };
const to = (model: string) => ({
  type: DataTypes.INTEGER,
  allowNull: false,
  references: { model, key: "id" },
  onDelete: "CASCADE",
});

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (table: string, name: string, fields: string[], unique = false) =>
    queryInterface.addIndex(table, fields, { name, unique, transaction });
  const pair = {
    room_id: { ...to("chat_rooms"), primaryKey: true },
    user_id: { ...to("users"), primaryKey: true },
  };

  await queryInterface.createTable(
    "chat_rooms",
    {
      id,
      slug: text(50),
      name: text(100),
      topic: { ...text(200), defaultValue: "" },
      members_only: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      last_seq: whole,
      created_at: date,
    },
    { transaction },
  );
  await index("chat_rooms", "chat_rooms_slug", ["slug"], true);

  await queryInterface.createTable("chat_members", pair, { transaction });
  await index("chat_members", "chat_members_user_id", ["user_id"]);

  await queryInterface.createTable("chat_reads", { ...pair, seq: whole }, { transaction });
  await index("chat_reads", "chat_reads_user_id", ["user_id"]);

  await queryInterface.createTable(
    "chat_messages",
    {
      id,
      room_id: to("chat_rooms"),
      seq: { type: DataTypes.INTEGER, allowNull: false },
      sender: text(60),
      user_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
      name: text(50),
      client_id: { type: DataTypes.STRING(64) },
      text: text(2_000),
      created_at: date,
      edited_at: { type: DataTypes.DATE },
      deleted_at: { type: DataTypes.DATE },
    },
    { transaction },
  );
  await index("chat_messages", "chat_messages_seq", ["room_id", "seq"], true);
  await index("chat_messages", "chat_messages_once", ["room_id", "sender", "client_id"], true);
  await index("chat_messages", "chat_messages_user_id", ["user_id"]);

  await queryInterface.bulkInsert(
    "chat_rooms",
    [
      {
        slug: "general",
        name: "General",
        topic: "Everything that has no room of its own",
        created_at: new Date(),
      },
    ],
    { transaction },
  );
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  for (const table of ["chat_messages", "chat_reads", "chat_members", "chat_rooms"]) {
    await queryInterface.dropTable(table, { transaction });
  }
};
