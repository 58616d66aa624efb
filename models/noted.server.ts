/**
 * What of a row goes into the history: what its model lists in a static `noted`, and nothing else, so that nobody has
 * to remember what is a secret. The first of the list is what a row is called.
 *
 *     static readonly noted: (keyof Attributes<Todo>)[] = ["title", "done"];
 */
import { literal, type Model, type ModelAttributeColumnOptions, type ModelStatic, Utils } from "sequelize";
import { asText, asTextSql, typeOf } from "./as-text.server";
import { isSqlite, quoted, type SelectOptions, selectSql, sequelize } from "./database.server";

/** One field before and after, as text; null where there was or is nothing. */
export interface Change {
  /** The column's name, or that of what belongs to the row besides: `due_at`, `groups`. */
  field: string;
  before: string | null;
  after: string | null;
}

/** What is done to many rows at once. */
export interface ManyDeed<M extends Model> extends Pick<SelectOptions<M>, "where" | "paranoid"> {
  model: ModelStatic<M>;
  /** What attributes become, as values or as SQL; null where the rows go. */
  to: { readonly [attribute: string]: unknown } | null;
  /** What else is written, by column of the history. */
  as: Record<string, string | Date | Utils.Literal>;
}

interface Column {
  attribute: string;
  name: string;
  type: string;
}

/** Characters of what a row is called. */
export const LABEL = 200;

export const modelOf = (row: Model) => row.constructor as ModelStatic<Model>;

/** @throws Error where there is no such attribute. */
export function columnOf(model: ModelStatic<Model>, attribute: string): Column {
  const options = (model.getAttributes() as Record<string, ModelAttributeColumnOptions>)[attribute];
  if (!options) throw new Error(`${model.name} has no attribute ${attribute} to be noted.`);
  return { attribute, name: options.field ?? attribute, type: typeOf(options) };
}

function columnsOf(model: ModelStatic<Model>): [Column, ...Column[]] {
  const { noted = [] } = model as { noted?: readonly string[] };
  const [first, ...rest] = noted.map((attribute) => columnOf(model, attribute));
  if (!first) throw new Error(`${model.name} has no list of attributes that are noted.`);
  return [first, ...rest];
}

/** A row by model, id and name. */
export function identityOf(row: Model) {
  const [{ attribute, type }] = columnsOf(modelOf(row));
  const objectId = row.get("id") as number;
  const label = asText(row.get(attribute), type) || `#${objectId}`;
  return { model: modelOf(row).name, objectId, label };
}

/** What a row was and is, field by field; `isNew` was nothing, and `isGone` will be nothing. */
export const changesOf = (row: Model, { isNew = false, isGone = false }): Change[] =>
  columnsOf(modelOf(row))
    .map(({ attribute, name, type }) => ({
      field: name,
      before: isNew ? null : asText(row.previous(attribute as never), type) || null,
      after: isGone ? null : asText(row.get(attribute), type) || null,
    }))
    .filter(({ before, after }) => before !== after);

/** A SELECT of what the history keeps of a deed on many rows; their order is that of their ids. */
export function deedsSql<M extends Model>({ model, to, as, where, paranoid }: ManyDeed<M>) {
  const columns = columnsOf(model as unknown as ModelStatic<Model>);
  const sql = ({ name, type }: Column) => asTextSql(quoted(`${model.name}.${name}`), type);
  const id = quoted(`${model.name}.id`);
  const changes = columns
    .filter(({ attribute }) => !to || attribute in to)
    .map((column, place) => {
      const after = to ? becomes(to[column.attribute], column.type) : "NULL";
      return `SELECT ${place} AS place, ${escaped(column.name)} AS field, ${sql(column)} AS was, ${after} AS became`;
    });
  const values = {
    ...Object.fromEntries(Object.entries(as).map(([name, value]) => [name, escaped(value)])),
    model: escaped(model.name),
    object_id: `CAST(${id} AS TEXT)`,
    label: `COALESCE(SUBSTR(${sql(columns[0])}, 1, ${LABEL}), '#' || ${id})`,
    changes: changes.length > 0 ? listOf(changes.join(" UNION ALL ")) : "'[]'",
  };
  const select = selectSql(model, {
    attributes: Object.entries(values).map(([name, expression]) => [literal(expression), name]),
    where,
    order: ["id"],
    lock: true,
    paranoid,
  });
  return { names: Object.keys(values), select };
}

const escaped = (value: string | Date | null | Utils.Literal) =>
  value instanceof Utils.Literal ? String(value.val) : sequelize.escape(value as string);

const becomes = (value: unknown, type: string) =>
  value instanceof Utils.Literal
    ? asTextSql(`(${value.val})`, type)
    : `CAST(${escaped(asText(value, type) || null)} AS TEXT)`;

/** Fields with before and after as JSON, without those that are the same. */
function listOf(fields: string) {
  const [list, object] = isSqlite() ? ["JSON_GROUP_ARRAY", "JSON_OBJECT"] : ["JSON_AGG", "JSON_BUILD_OBJECT"];
  return `COALESCE((SELECT ${list}(${object}('field', field, 'before', was, 'after', became) ORDER BY place)
    FROM (${fields}) AS fields WHERE was IS DISTINCT FROM became), '[]')`;
}
