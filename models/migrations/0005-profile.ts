import { DataTypes, literal } from "sequelize";
import type { Migration } from "../migrate.server";

const date = { type: DataTypes.DATE, allowNull: false };
const key = { type: DataTypes.STRING(100) };

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (name: string, field: string, unique = true) =>
    queryInterface.addIndex("profiles", [field], { name, unique, transaction });

  await queryInterface.createTable(
    "profiles",
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      user_id: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "CASCADE" },
      display_name: { type: DataTypes.STRING(100), allowNull: false },
      bio: { type: DataTypes.TEXT, allowNull: false, defaultValue: "" },
      avatar: key,
      small_avatar: key,
      created_at: date,
      updated_at: date,
    },
    { transaction },
  );
  await index("profiles_user_id", "user_id");
  await index("profiles_avatar", "avatar");
  await index("profiles_small_avatar", "small_avatar");
  // A unique index takes any number of NULLs; this one has a single value for all of them.
  await queryInterface.addIndex("profiles", {
    fields: [literal("(user_id IS NULL)")],
    where: { user_id: null },
    name: "profiles_site",
    unique: true,
    transaction,
  });
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  await queryInterface.dropTable("profiles", { transaction });
};
