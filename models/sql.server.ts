/** What statements of one's own need, beside those that Sequelize makes: what Django's `connection.cursor` stands for. */
import { QueryTypes, type Transaction } from "sequelize";
import { isSqlite, quoted, sequelize } from "./database.server";

/** The rows that a statement finds, or returns. Through models the same takes three times as long. */
export const select = <Row extends object>(
  sql: string,
  values?: Record<string, unknown>,
  transaction?: Transaction,
): Promise<Row[]> => {
  const replacements = values && withTimes(values);
  return sequelize.query<Row>(sql, { type: QueryTypes.SELECT, replacements, transaction });
};

/** Sequelize would write a time by the clock on this machine's wall, and SQLite compares them as texts. */
const withTimes = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value instanceof Date ? stored(value) : value]),
  );

/** A time as Sequelize writes it where there is no type for times. By its ISO form, with a T, it would sort otherwise. */
const asText = (at: Date) => at.toISOString().replace("T", " ").replace("Z", " +00:00");

/** A time as Sequelize stores it, for statements of one's own. */
export const stored = (at: Date) => (isSqlite() ? asText(at) : at);

/** Rows as the `VALUES` of a statement, and what is to be bound with it. */
export function rowsOf(rows: unknown[][]): { sql: string; bind: unknown[] } {
  let place = 0;
  const sql = rows.map((row) => `(${row.map(() => `$${++place}`).join(", ")})`).join(", ");
  return { sql, bind: rows.flat() };
}

/**
 * Adds very many rows in one statement: `bulkCreate` takes twice as long for them, and goes through models. The columns
 * are those of the first row.
 */
export async function insertAll(
  table: string,
  rows: Record<string, string | number | Date | null>[],
  transaction: Transaction,
) {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first).map(quoted);
  const from = isSqlite()
    ? `SELECT ${names.map((name) => `value ->> '${name.slice(1, -1)}'`).join(", ")} FROM json_each(:rows)`
    : `SELECT ${names.join(", ")} FROM json_populate_recordset(NULL::${quoted(table)}, :rows)`;
  const asColumn = function (this: Record<string, unknown>, name: string, value: unknown) {
    const date = this[name];
    return date instanceof Date ? asText(date) : value;
  };
  await sequelize.query(`INSERT INTO ${quoted(table)} (${names.join(", ")}) ${from}`, {
    replacements: { rows: JSON.stringify(rows, asColumn) },
    transaction,
  });
}

/** A text as a column takes it: without NUL, which Postgres keeps in none, and no longer than `most`. */
export const cut = (text: string, most: number) => text.replaceAll("\u0000", "").slice(0, most);
