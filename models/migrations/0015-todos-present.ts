import { Op } from "sequelize";
import type { Migration } from "../migrate.server";
import { reindex } from "../schema/reindex";
import { addTrigrams } from "../schema/trigrams";

const present = { where: { deleted_at: null } };

// Postgres finds no order in an index that begins with a column of which all is asked that IS NULL. SQLite counts in an
// index alone only where it has every column that is asked about, even one that it holds a single value of.
const lists = reindex(
  "todos",
  [
    { name: "todos_list", fields: ["deleted_at", "created_at", "id"] },
    { name: "todos_list_by_done", fields: ["deleted_at", "done", "created_at", "id"] },
  ],
  [
    { name: "todos_list", fields: ["created_at", "id", "deleted_at"], ...present },
    { name: "todos_list_by_done", fields: ["done", "created_at", "id", "deleted_at"], ...present },
    { name: "todos_trash", fields: ["deleted_at", "id"], where: { deleted_at: { [Op.ne]: null } } },
  ],
);

const isPostgres = ({ queryInterface }: Parameters<Migration["up"]>[0]) =>
  queryInterface.sequelize.getDialect() === "postgres";

/** The search of the admin: SQLite reads a million titles in less than a tenth of a second, Postgres in a third. */
export const up: Migration["up"] = async (context) => {
  await lists.up(context);
  if (isPostgres(context)) await addTrigrams(context, "todos", "title");
};

export const down: Migration["down"] = async (context) => {
  const { queryInterface, transaction } = context;
  if (isPostgres(context)) await queryInterface.removeIndex("todos", "todos_trigrams", { transaction });
  await lists.down(context);
};
