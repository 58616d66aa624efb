import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  await queryInterface.createTable(
    "activities",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      created_at: { type: DataTypes.DATE, allowNull: false },
      user_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
      user_name: text(150),
      deed: text(10),
      model: text(100),
      object_id: text(64),
      label: text(200),
      changes: { type: DataTypes.JSON, allowNull: false },
    },
    { transaction },
  );
  await queryInterface.addIndex("activities", ["model", "object_id", "id"], {
    name: "activities_object",
    transaction,
  });
  await queryInterface.addIndex("activities", ["user_id"], { name: "activities_user_id", transaction });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("activities", { transaction });
};
