import type { Rows } from "./schema";

const ACTION = (column: string) => `CASE ${column} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
  WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END`;

const TABLES = `
  SELECT oid, relname::text AS name FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`;

/** An enum is described by its values, since its name says nothing about them. */
const COLUMNS = `
  SELECT t.name AS "table", a.attname::text AS name, NOT a.attnotnull AS nullable,
    coalesce(
      (SELECT 'ENUM(' || string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) || ')'
        FROM pg_enum WHERE enumtypid = a.atttypid),
      upper(replace(format_type(a.atttypid, a.atttypmod), 'character varying', 'varchar'))
    ) AS type,
    CASE WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' THEN 'AUTOINCREMENT'
      ELSE pg_get_expr(d.adbin, d.adrelid) END AS "default",
    array_position(k.conkey, a.attnum) AS key
  FROM (${TABLES}) t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
  LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'`;

const INDEXES = `
  SELECT t.name AS "table", i.indisunique AS unique, pg_get_expr(i.indpred, t.oid) AS where,
    CASE WHEN k.oid IS NULL THEN c.relname::text END AS name,
    nullif(m.amname::text, 'btree') AS method,
    ARRAY(
      SELECT pg_get_indexdef(c.oid, n, true)
        || CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
        || CASE i.indoption[n - 1] WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' ELSE '' END
      FROM generate_series(1, i.indnkeyatts) n JOIN pg_opclass o ON o.oid = i.indclass[n - 1] ORDER BY n
    ) AS fields
  FROM (${TABLES}) t
  JOIN pg_index i ON i.indrelid = t.oid AND NOT i.indisprimary
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_am m ON m.oid = c.relam
  LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype = 'u'
  ORDER BY c.relname`;

const NAMES = (table: string, numbers: string) => `ARRAY(
    SELECT attname::text FROM unnest(${numbers}) WITH ORDINALITY u (number, n)
    JOIN pg_attribute ON attrelid = ${table} AND attnum = u.number ORDER BY n)`;

const FOREIGN_KEYS = `
  SELECT t.name AS "table", ${NAMES("k.conrelid", "k.conkey")} AS columns,
    r.relname || ' (' || array_to_string(${NAMES("k.confrelid", "k.confkey")}, ', ') || ')' AS target,
    ${ACTION("k.confdeltype")} AS "onDelete", ${ACTION("k.confupdtype")} AS "onUpdate"
  FROM (${TABLES}) t
  JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
  JOIN pg_class r ON r.oid = k.confrelid
  ORDER BY columns, target`;

/** Those by which Postgres keeps foreign keys are its own. */
const TRIGGERS = `
  SELECT t.name AS "table", g.tgname::text AS name
  FROM (${TABLES}) t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
  ORDER BY name`;

/** Reads the schema of Postgres that the search path begins with. */
export async function postgresRows(
  select: <Row extends object>(sql: string) => Promise<Row[]>,
): Promise<Rows> {
  return {
    columns: await select(COLUMNS),
    indexes: await select(INDEXES),
    foreignKeys: await select(FOREIGN_KEYS),
    triggers: await select(TRIGGERS),
  };
}
