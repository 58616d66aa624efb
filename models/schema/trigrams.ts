import type { Migration } from "../migrate.server";

type Context = Parameters<Migration["up"]>[0];

/**
 * Postgres: an index by which parts of words are found in a column, `<table>_trigrams`.
 *
 * @throws Error when the extension pg_trgm is not there and may not be made.
 */
export async function addTrigrams({ queryInterface, transaction }: Context, table: string, column: string) {
  try {
    await queryInterface.sequelize.query("CREATE EXTENSION IF NOT EXISTS pg_trgm", { transaction });
  } catch (error) {
    throw new Error(
      `The search of ${table} needs the extension pg_trgm, which could not be made: ` +
        `${(error as Error).message}. It comes with Postgres (Debian: the package postgresql; elsewhere ` +
        "postgresql-contrib). Have somebody who may do so run CREATE EXTENSION pg_trgm in this database, then migrate again.",
      { cause: error },
    );
  }
  await queryInterface.addIndex(table, {
    name: `${table}_trigrams`,
    fields: [{ name: column, operator: "gin_trgm_ops" }],
    using: "gin",
    transaction,
  });
}
