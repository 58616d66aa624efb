import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  await queryInterface.createTable(
    "todos",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      title: { type: DataTypes.STRING(200), allowNull: false },
      done: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      created_at: { type: DataTypes.DATE, allowNull: false },
      deleted_at: { type: DataTypes.DATE },
    },
    { transaction },
  );
  await queryInterface.addIndex("todos", ["deleted_at", "created_at", "id"], {
    name: "todos_list",
    transaction,
  });
  await queryInterface.addIndex("todos", ["deleted_at", "done", "created_at", "id"], {
    name: "todos_list_by_done",
    transaction,
  });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("todos", { transaction });
};
