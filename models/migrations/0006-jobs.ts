import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const count = (defaultValue?: number) => ({ type: DataTypes.INTEGER, allowNull: false, defaultValue });

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (name: string, columns: string[], unique = false) =>
    queryInterface.addIndex("jobs", columns, { name, unique, transaction });

  await queryInterface.createTable(
    "jobs",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      name: { type: DataTypes.STRING(100), allowNull: false },
      payload: { type: DataTypes.JSON, allowNull: false },
      key: { type: DataTypes.STRING(200) },
      status: { type: DataTypes.STRING(10), allowNull: false, defaultValue: "queued" },
      attempts: count(0),
      max_attempts: count(),
      run_at: { type: DataTypes.DATE },
      worker: { type: DataTypes.STRING(36) },
      beat: count(0),
      errors: { type: DataTypes.JSON, allowNull: false, defaultValue: [] },
      created_at: { type: DataTypes.DATE, allowNull: false },
      started_at: { type: DataTypes.DATE },
      finished_at: { type: DataTypes.DATE },
    },
    { transaction },
  );
  await index("jobs_name_key", ["name", "key"], true);
  await index("jobs_due", ["status", "run_at", "id"]);
  await index("jobs_finished_at", ["status", "finished_at"]);
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("jobs", { transaction });
};
