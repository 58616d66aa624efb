import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const DUE_FIRST = ["due_on", { name: "created_at", order: "DESC" }, { name: "id", order: "DESC" }] as const;

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (name: string, fields: ({ name: string; order: "DESC" } | string)[]) =>
    queryInterface.addIndex("tasks", { fields, name, transaction });

  await queryInterface.createTable(
    "tasks",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      title: { type: DataTypes.STRING(200), allowNull: false },
      completed: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      completed_at: { type: DataTypes.DATE },
      assignee_id: {
        type: DataTypes.INTEGER,
        references: { model: "users", key: "id" },
        onDelete: "SET NULL",
      },
      due_on: { type: DataTypes.DATEONLY },
      created_at: { type: DataTypes.DATE, allowNull: false },
      deleted_at: { type: DataTypes.DATE },
    },
    { transaction },
  );
  await index("tasks_open", ["deleted_at", "completed", ...DUE_FIRST]);
  await index("tasks_of", ["assignee_id", "deleted_at", "completed", ...DUE_FIRST]);
  await index("tasks_done", ["deleted_at", "completed", "completed_at", "id"]);
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("tasks", { transaction });
};
