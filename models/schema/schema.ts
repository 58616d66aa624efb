/** A database's schema in the database's own words: two that are read by the same queries can be compared. */

/** Tables by name. */
export type Schema = Record<string, Table>;

export interface Table {
  /** Columns by name. */
  columns: Record<string, Column>;
  /** Its columns in order; empty where there is none. */
  primaryKey: string[];
  indexes: Index[];
  foreignKeys: ForeignKey[];
  /** Their names. */
  triggers: string[];
}

export interface Column {
  type: string;
  nullable: boolean;
  /** The default as an expression of SQL, `AUTOINCREMENT` for a counter, null where there is none. */
  default: string | null;
}

export interface Index {
  /** null for a UNIQUE constraint, whose name the database makes up. */
  name: string | null;
  unique: boolean;
  /** Columns or expressions in order, each with what is not the default: `created_at DESC`. */
  fields: string[];
  /** The kind, where it is not a B-tree. */
  method: string | null;
  /** The condition of a partial index. */
  where: string | null;
}

export interface ForeignKey {
  columns: string[];
  /** `users (id)` */
  target: string;
  onDelete: string;
  onUpdate: string;
}

/** What the queries of a dialect find. */
export interface Rows {
  /** `key` is the place in the primary key, from 1; null or 0 outside of it. */
  columns: (Column & { table: string; name: string; key: number | null })[];
  indexes: (Index & { table: string })[];
  foreignKeys: (ForeignKey & { table: string })[];
  triggers: { table: string; name: string }[];
}

/** The tables that rows tell of. */
export function schemaFrom({ columns, indexes, foreignKeys, triggers }: Rows): Schema {
  const schema: Schema = {};
  for (const { table, name, key, ...column } of columns) {
    schema[table] ??= { columns: {}, primaryKey: [], indexes: [], foreignKeys: [], triggers: [] };
    schema[table].columns[name] = column;
    if (key) schema[table].primaryKey[key - 1] = name;
  }
  for (const { table, ...index } of indexes) schema[table]?.indexes.push(index);
  for (const { table, ...key } of foreignKeys) schema[table]?.foreignKeys.push(key);
  for (const { table, name } of triggers) schema[table]?.triggers.push(name);
  return schema;
}
