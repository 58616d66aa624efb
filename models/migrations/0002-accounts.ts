import { DataTypes } from "sequelize";
import type { Migration } from "../migrate.server";

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const optional = (length: number) => ({ ...text(length), defaultValue: "" });
const flag = (defaultValue: boolean) => ({ type: DataTypes.BOOLEAN, allowNull: false, defaultValue });
const date = { type: DataTypes.DATE, allowNull: false };
const to = (model: string) => ({
  type: DataTypes.INTEGER,
  allowNull: false,
  references: { model, key: "id" },
  onDelete: "CASCADE",
});
const part = <Column extends object>(column: Column) => ({ ...column, primaryKey: true });

export const up: Migration["up"] = async ({ queryInterface, transaction }) => {
  const index = (table: string, name: string, column: string, unique = false) =>
    queryInterface.addIndex(table, [column], { name, unique, transaction });

  await queryInterface.createTable(
    "users",
    {
      id,
      username: text(150),
      username_key: { type: DataTypes.TEXT, allowNull: false },
      email: optional(254),
      display_name: optional(150),
      password: optional(200),
      is_active: flag(true),
      is_staff: flag(false),
      is_superuser: flag(false),
      last_login: { type: DataTypes.DATE },
      date_joined: date,
    },
    { transaction },
  );
  await index("users", "users_username_key", "username_key", true);
  await queryInterface.createTable("groups", { id, name: text(150) }, { transaction });
  await index("groups", "groups_name", "name", true);
  await queryInterface.createTable(
    "user_groups",
    { user_id: part(to("users")), group_id: part(to("groups")) },
    { transaction },
  );
  await index("user_groups", "user_groups_group_id", "group_id");
  await queryInterface.createTable(
    "user_permissions",
    { user_id: part(to("users")), permission: part(text(150)) },
    { transaction },
  );
  await queryInterface.createTable(
    "group_permissions",
    { group_id: part(to("groups")), permission: part(text(150)) },
    { transaction },
  );
  await queryInterface.createTable(
    "sessions",
    {
      id,
      token_hash: text(64),
      user_id: to("users"),
      created_at: date,
      seen_at: date,
      confirmed_at: date,
      expires_at: date,
      ip: text(45),
      user_agent: text(300),
    },
    { transaction },
  );
  await index("sessions", "sessions_token_hash", "token_hash", true);
  await index("sessions", "sessions_user_id", "user_id");
  await index("sessions", "sessions_expires_at", "expires_at");
};

export const down: Migration["down"] = async ({ queryInterface, transaction }) => {
  const tables = ["sessions", "group_permissions", "user_permissions", "user_groups", "groups", "users"];
  for (const table of tables) await queryInterface.dropTable(table, { transaction });
};
