import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const big = { type: DataTypes.BIGINT, allowNull: false };
const time = { type: DataTypes.DATE, allowNull: false };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  await queryInterface.createTable(
    "documents",
    {
      id,
      title: text(200),
      owner_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
      filename: text(255),
      search: { type: DataTypes.TEXT, allowNull: false },
      key: text(100),
      size: big,
      sha256: text(64),
      kind: { type: DataTypes.STRING(10) },
      preview: { type: DataTypes.STRING(100) },
      created_at: time,
      changed_at: time,
      deleted_at: { type: DataTypes.DATE },
      // The last column: reading the others does not read it.
      blocks: { type: DataTypes.BLOB, allowNull: false },
    },
    { transaction },
  );
  const index = (name: string, fields: string[], options = {}) =>
    queryInterface.addIndex("documents", { name, fields, transaction, ...options });
  await index("documents_all", ["deleted_at", "id"]);
  await index("documents_of", ["owner_id", "deleted_at", "id"]);
  await index("documents_key", ["key"], { unique: true });
  await index("documents_preview", ["preview"], { unique: true });
  await queryInterface.createTable(
    "vault_checks",
    {
      id,
      started_at: time,
      finished_at: time,
      documents: { type: DataTypes.INTEGER, allowNull: false },
      bytes: big,
      problems: { type: DataTypes.JSON, allowNull: false },
      orphans: { type: DataTypes.JSON, allowNull: false },
    },
    { transaction },
  );
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  for (const table of ["vault_checks", "documents"]) await queryInterface.dropTable(table, { transaction });
};
