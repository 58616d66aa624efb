/** Values as text: as the controls of a form hold them, and as the history keeps them. */
import type { ModelAttributeColumnOptions } from "sequelize";
import { isSqlite } from "./database.server";

/** What Sequelize calls the type of a column: `STRING`, `BOOLEAN`, `DATE` … */
export const typeOf = ({ type }: ModelAttributeColumnOptions) => (type as unknown as { key: string }).key;

/** A value of a column of that type, as text; nothing is the empty text, and so is false. Dates are in UTC. */
export function asText(value: unknown, type?: string): string {
  if (value === null || value === undefined) return "";
  if (type === "JSON" || type === "JSONB" || (typeof value === "object" && !(value instanceof Date)))
    return JSON.stringify(value, null, 2);
  if (typeof value === "boolean") return value ? "on" : "";
  if (value instanceof Date) return value.toISOString().replace(/(:00)?\.\d{3}Z$|Z$/, "");
  return String(value);
}

const WRITTEN_AS_IT_IS = ["STRING", "TEXT", "CHAR", "ENUM", "UUID", "DATEONLY"];
const WHOLE_NUMBERS = ["INTEGER", "SMALLINT", "BIGINT"];

/**
 * The same in SQL, for the column or the expression `column`; nothing is NULL.
 *
 * @throws Error for a type that the two databases would write differently.
 */
export function asTextSql(column: string, type: string): string {
  if (WRITTEN_AS_IT_IS.includes(type)) return `NULLIF(CAST(${column} AS TEXT), '')`;
  if (WHOLE_NUMBERS.includes(type)) return `CAST(${column} AS TEXT)`;
  if (type === "BOOLEAN") return `CASE WHEN ${column} THEN 'on' END`;
  if (type !== "DATE") throw new Error(`${type} has no text in SQL.`);
  const toSecond = isSqlite()
    ? `REPLACE(SUBSTR(${column}, 1, 19), ' ', 'T')`
    : `TO_CHAR(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')`;
  return `CASE WHEN ${toSecond} LIKE '%:00' THEN SUBSTR(${toSecond}, 1, 16) ELSE ${toSecond} END`;
}
