import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (name: string, fields: string[], unique = false) =>
    queryInterface.addIndex("notifications", fields, { name, unique, transaction });

  await queryInterface.createTable(
    "notifications",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      key: { type: DataTypes.STRING(200), allowNull: false },
      text: { type: DataTypes.STRING(500), allowNull: false },
      path: { type: DataTypes.STRING(200), allowNull: false },
      user_id: {
        type: DataTypes.INTEGER,
        references: { model: "users", key: "id" },
        onDelete: "CASCADE",
      },
      created_at: { type: DataTypes.DATE, allowNull: false },
    },
    { transaction },
  );
  await index("notifications_key", ["key"], true);
  await index("notifications_user_id", ["user_id", "id"]);
  await index("notifications_path", ["path", "id"]);
  await index("notifications_created_at", ["created_at"]);
  const seen = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };
  await queryInterface.addColumn("users", "seen_notification", seen, { transaction });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  // On SQLite removeColumn makes the table anew, and its indexes are gone.
  await queryInterface.sequelize.query("ALTER TABLE users DROP COLUMN seen_notification", { transaction });
  await queryInterface.dropTable("notifications", { transaction });
};
