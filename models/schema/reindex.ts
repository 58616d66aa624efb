import type { IndexesOptions } from "sequelize";
import type { Migration } from "../migrate.server";

type Index = IndexesOptions & Required<Pick<IndexesOptions, "name" | "fields">>;

/** The two directions of a migration that puts the indexes `after` of a table in place of those `before`. */
export function reindex(table: string, before: Index[], after: Index[]): Pick<Migration, "up" | "down"> {
  const replace =
    (old: Index[], next: Index[]): Migration["up"] =>
    async ({ queryInterface, transaction }) => {
      for (const { name } of old) await queryInterface.removeIndex(table, name, { transaction });
      for (const index of next) await queryInterface.addIndex(table, { ...index, transaction });
    };
  return { up: replace(before, after), down: replace(after, before) };
}
