import type { ForeignKey, Rows } from "./schema";

/** Virtual tables, and the tables that they keep their data in, are left out: no model can describe them. */
const TABLES = `
  SELECT s.name, s.sql LIKE '%PRIMARY KEY AUTOINCREMENT%' AS counts
  FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' AND l.type = 'table' AND l.name = s.name
  WHERE s.type = 'table' AND s.name NOT GLOB 'sqlite_*'`;

/** INTEGER PRIMARY KEY is the row's own number: never null, also where nothing says so. */
const COLUMNS = `
  SELECT t.name AS "table", c.name, upper(c.type) AS type, c.pk AS key,
    NOT (c."notnull" OR (c.pk > 0 AND upper(c.type) = 'INTEGER')) AS nullable,
    CASE WHEN c.pk > 0 AND t.counts THEN 'AUTOINCREMENT' ELSE c.dflt_value END AS "default"
  FROM (${TABLES}) t JOIN pragma_table_xinfo(t.name) c`;

const INDEXES = `
  SELECT t.name AS "table", i.name, i."unique", i.origin, s.sql, (
    SELECT json_group_array(json_array(f.name, f."desc", f.coll) ORDER BY f.seqno)
    FROM pragma_index_xinfo(i.name) f WHERE f.key
  ) AS fields
  FROM (${TABLES}) t JOIN pragma_index_list(t.name) i
  LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name
  WHERE i.origin <> 'pk' ORDER BY i.name`;

const FOREIGN_KEYS = `
  SELECT t.name AS "table", json_group_array(f."from" ORDER BY f.seq) AS columns,
    f."table" || ' (' || group_concat(coalesce(f."to", k.name), ', ' ORDER BY f.seq) || ')' AS target,
    f.on_delete AS onDelete, f.on_update AS onUpdate
  FROM (${TABLES}) t JOIN pragma_foreign_key_list(t.name) f
  LEFT JOIN pragma_table_xinfo(f."table") k ON f."to" IS NULL AND k.pk = f.seq + 1
  GROUP BY t.name, f.id ORDER BY columns, target`;

const TRIGGERS = `
  SELECT tbl_name AS "table", name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`;

interface IndexRow {
  table: string;
  name: string;
  unique: number;
  origin: "c" | "u";
  sql: string | null;
  fields: string;
}

type Select = <Row extends object>(sql: string) => Promise<Row[]>;

/** Reads the schema of a SQLite database. */
export async function sqliteRows(select: Select): Promise<Rows> {
  const columns = await select<Rows["columns"][number]>(COLUMNS);
  const indexes = await select<IndexRow>(INDEXES);
  const keys = await select<Omit<ForeignKey, "columns"> & { table: string; columns: string }>(FOREIGN_KEYS);
  return {
    columns: columns.map((column) => ({ ...column, nullable: Boolean(column.nullable) })),
    indexes: indexes.map(({ table, name, unique, origin, sql, fields }) => {
      const { expressions, where } = partsOf(sql ?? "");
      const found = JSON.parse(fields) as [string | null, number, string][];
      return {
        table,
        name: origin === "c" ? name : null,
        unique: Boolean(unique),
        fields: found.map(([column, desc, collation], n) =>
          column === null
            ? expressions[n]!
            : column + (collation === "BINARY" ? "" : ` COLLATE ${collation}`) + (desc ? " DESC" : ""),
        ),
        method: null,
        where,
      };
    }),
    foreignKeys: keys.map((key) => ({ ...key, columns: JSON.parse(key.columns) })),
    triggers: await select(TRIGGERS),
  };
}

/** What SQLite keeps only as the text of `CREATE INDEX … ON table (a, lower(b)) WHERE c`. */
function partsOf(sql: string): { expressions: string[]; where: string | null } {
  const text = sql.replace(/[`"]/g, "").replace(/\s+/g, " ");
  const expressions = [""];
  let at = text.indexOf("(") + 1;
  for (let depth = 1; depth > 0 && at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 1) expressions.push("");
    else if (depth > 0) expressions[expressions.length - 1] += character;
  }
  const [, where = null] = /^ ?WHERE (.*)$/i.exec(text.slice(at)) ?? [];
  return { expressions: expressions.map((expression) => expression.trim()), where };
}
