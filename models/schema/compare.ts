import type { Column, ForeignKey, Index, Schema, Table } from "./schema";

/** Where two schemas differ, one sentence a difference; empty when they agree. */
export function compare(model: Schema, database: Schema): string[] {
  return namesOf(model, database).flatMap((name) => {
    const [inModel, inDatabase] = [model[name], database[name]];
    if (inModel && inDatabase) return compareTables(name, inModel, inDatabase);
    return inModel
      ? `${name}: a model has this table, the database has not`
      : `${name}: the database has this table, no model has`;
  });
}

function compareTables(table: string, model: Table, database: Table) {
  return [
    ...namesOf(model.columns, database.columns).flatMap((column) =>
      compareColumns(`${table}.${column}`, model.columns[column], database.columns[column]),
    ),
    ...differ(table, primaryKey(model), primaryKey(database)),
    ...compareIndexes(table, model.indexes, database.indexes),
    ...compareForeignKeys(table, model.foreignKeys, database.foreignKeys),
    ...compareTriggers(table, model.triggers, database.triggers),
  ];
}

function compareColumns(where: string, model?: Column, database?: Column) {
  if (!database) return [`${where}: the model has this column, the database has not`];
  if (!model) return [`${where}: the database has this column, the model has not`];
  return [
    ...differ(where, model.type, database.type),
    ...differ(where, nullability(model), nullability(database)),
    ...differ(where, defaultOf(model), defaultOf(database)),
  ];
}

/** Indexes compare by name. A UNIQUE constraint has none of ours, so it equals a unique index on the same columns. */
function compareIndexes(table: string, model: Index[], database: Index[]) {
  const isIn = (list: Index[]) => (index: Index) =>
    list.some((other) =>
      index.name && other.name ? index.name === other.name : contents(index) === contents(other),
    );
  const changed = model.flatMap((index) => {
    const same = index.name && database.find((other) => other.name === index.name);
    return same ? differ(`${table}, index ${index.name}`, contents(index), contents(same)) : [];
  });
  return [
    ...changed,
    ...model
      .filter((index) => !isIn(database)(index))
      .map((index) => `${table}: the model has ${title(index)}, the database has not`),
    ...database
      .filter((index) => !isIn(model)(index))
      .map((index) => `${table}: the database has ${title(index)}, the model has not`),
  ];
}

function compareForeignKeys(table: string, model: ForeignKey[], database: ForeignKey[]) {
  const byColumns = (keys: ForeignKey[]) =>
    Object.fromEntries(keys.map((key) => [key.columns.join(", "), key]));
  const [ofModel, ofDatabase] = [byColumns(model), byColumns(database)];
  return namesOf(ofModel, ofDatabase).flatMap((columns) =>
    differ(`${table}.${columns}`, reference(ofModel[columns]), reference(ofDatabase[columns])),
  );
}

function compareTriggers(table: string, model: string[], database: string[]) {
  const without = (list: string[], other: string[]) => list.filter((name) => !other.includes(name)).sort();
  return [
    ...without(model, database).map(
      (name) => `${table}: the model has trigger ${name}, the database has not`,
    ),
    ...without(database, model).map(
      (name) => `${table}: the database has trigger ${name}, the model has not`,
    ),
  ];
}

const differ = (where: string, model: string, database: string) =>
  model === database ? [] : [`${where}: the model says ${model}, the database ${database}`];

const namesOf = (one: object, other: object) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();

const nullability = ({ nullable }: Column) => (nullable ? "null allowed" : "not null");

const defaultOf = (column: Column) => (column.default === null ? "no default" : `default ${column.default}`);

const primaryKey = ({ primaryKey }: Table) =>
  primaryKey.length > 0 ? `primary key (${primaryKey.join(", ")})` : "no primary key";

const reference = (key?: ForeignKey) =>
  key ? `references ${key.target} on delete ${key.onDelete} on update ${key.onUpdate}` : "no foreign key";

const contents = ({ unique, fields, method, where }: Index) =>
  `${unique ? "unique " : ""}(${fields.join(", ")})${method ? ` using ${method}` : ""}${where ? ` where ${where}` : ""}`;

const title = (index: Index) => (index.name ? `index ${index.name} ${contents(index)}` : contents(index));
