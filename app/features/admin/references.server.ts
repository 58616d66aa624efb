/** What foreign keys lead to: choices where they are few, a search where they are many, and what they are called. */
import {
  type Model,
  type ModelAttributeColumnOptions,
  type ModelStatic,
  Op,
  type WhereOptions,
} from "sequelize";
import type { CurrentUser } from "#models/current-user.server";
import { sequelize } from "#models/database.server";
import { containsWords, wordsOf } from "#models/search.server";
import { isId } from "~/services/http.server";
import { type Choice, type Field, nameAttributeOf, nameOf } from "./fields.server";
import { entries, maySee, type Registered } from "./registry.server";

/** A reference to more rows than these is looked up by a search. */
const MOST_CHOICES = 100;

/** What a foreign key leads to: a model, and the attribute that it refers to. */
interface Target {
  model: ModelStatic<Model>;
  key: string;
  entry?: Registered;
}

export function targetOf({ references }: Field): Target | null {
  const model = Object.values(sequelize.models).find(({ tableName }) => tableName === references?.table);
  return model && references
    ? { model, key: references.key, entry: entries().find((entry) => entry.model === model) }
    : null;
}

/** Of a model without an entry no text is shown: it may be a secret. */
const called = ({ entry, key }: Target, row: Model) =>
  entry ? nameOf(row, entry) : key === "id" ? `#${row.get(key)}` : String(row.get(key));

const choiceOf = (target: Target, row: Model): Choice => ({
  value: String(row.get(target.key)),
  label: called(target, row),
});

/** What the rows are called that a field leads to, by what the field holds; those that are gone are missing. */
export async function namesOf(field: Field, values: unknown[]): Promise<Map<string, string>> {
  const target = targetOf(field);
  const texts = values.map((value) => String(value ?? ""));
  // What was typed may be no key at all.
  const isKey = field.type === "INTEGER" ? isId : (text: string) => text !== "" && !text.includes("\u0000");
  const keys = [...new Set(texts)].filter(isKey);
  if (!target || keys.length === 0) return new Map();
  const where = { [target.key]: keys } as WhereOptions;
  const rows = await target.model.findAll({ where, paranoid: false });
  return new Map(rows.map((row) => [String(row.get(target.key)), called(target, row)]));
}

/** Fills in what foreign keys may refer to: choices where they are few, else how they are looked up. */
export const withChoices = (fields: Field[], by: CurrentUser): Promise<Field[]> =>
  Promise.all(fields.map((field) => withChoicesOf(field, by)));

async function withChoicesOf(field: Field, by: CurrentUser): Promise<Field> {
  const target = targetOf(field);
  if (!target) return field;
  const rows = await target.model.findAll({ limit: MOST_CHOICES + 1, order: [target.key] });
  if (rows.length <= MOST_CHOICES) return { ...field, choices: rows.map((row) => choiceOf(target, row)) };
  const byKey = field.type === "INTEGER" ? "number" : "text";
  return { ...field, widget: maySearch(target, by) ? "lookup" : byKey };
}

/** Who may not see the rows of a model does not search them: the key is typed. */
const maySearch = ({ entry }: Target, by: CurrentUser) => Boolean(entry && maySee(by, entry));

/** A condition on what a field leads to: it has that key, or all the words somewhere. */
export function fits({ model, key, entry }: Target, typed: string): WhereOptions {
  const attributes = model.getAttributes() as Record<string, ModelAttributeColumnOptions>;
  const named = nameAttributeOf(model, entry?.secret);
  const columns = (entry?.search ?? (named ? [named] : [])).map(
    (name) => `${model.name}.${attributes[name]?.field ?? name}`,
  );
  const text = wordsOf(typed).join(" ");
  const isKey = key !== "id" || isId(text);
  return {
    [Op.or]: [
      ...(isKey ? [{ [key]: text }] : []),
      ...(columns.length > 0 ? [containsWords(columns, text)] : []),
    ],
  } as WhereOptions;
}

/** The first rows, up to `most`, that a field may lead to and that fit what was typed. */
export async function lookUp(field: Field, typed: string, by: CurrentUser, most: number): Promise<Choice[]> {
  const target = targetOf(field);
  if (!target || !maySearch(target, by) || wordsOf(typed).length === 0) return [];
  const { model, key } = target;
  const rows = await model.findAll({ where: fits(target, typed), order: [key], limit: most });
  return rows.map((row) => choiceOf(target, row));
}
