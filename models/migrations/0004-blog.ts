import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const date = { type: DataTypes.DATE, allowNull: false };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (table: string, name: string, columns: string[], unique = false) =>
    queryInterface.addIndex(table, columns, { name, unique, transaction });

  await queryInterface.createTable(
    "posts",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      title: text(200),
      slug: text(200),
      summary: { ...text(300), defaultValue: "" },
      content: { type: DataTypes.TEXT, allowNull: false },
      author_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
      published_at: { type: DataTypes.DATE },
      created_at: date,
      updated_at: date,
    },
    { transaction },
  );
  await index("posts", "posts_slug", ["slug"], true);
  await index("posts", "posts_published_at", ["published_at", "id"]);
  await index("posts", "posts_author_id", ["author_id"]);
  await queryInterface.createTable(
    "post_slugs",
    {
      slug: { ...text(200), primaryKey: true },
      post_id: {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: "posts", key: "id" },
        onDelete: "CASCADE",
      },
    },
    { transaction },
  );
  await index("post_slugs", "post_slugs_post_id", ["post_id"]);
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("post_slugs", { transaction });
  await queryInterface.dropTable("posts", { transaction });
};
