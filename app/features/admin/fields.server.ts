/** The fields of a model's form: read from the Sequelize model, and from what its entry says otherwise. */
import { DataTypes, type Model, type ModelAttributeColumnOptions, type ModelStatic } from "sequelize";
import { z } from "zod";
import { asText, typeOf } from "#models/as-text.server";
import type { Widget } from "~/services/admin.server";
import { ruleOf } from "./field-rules.server";
import { entries, type Registered } from "./registry.server";

export interface Choice {
  value: string;
  label: string;
}

/** A field as the page draws it. */
export interface FieldView {
  /** The column's name. */
  name: string;
  label: string;
  widget: Widget;
  help?: string;
  required: boolean;
  maxLength?: number;
  choices?: Choice[];
  /** The field that it is made from while the row is added. */
  from?: string;
  /** What the chooser of a file offers, and how large it may be. */
  accept?: string;
  maxBytes?: number;
}

/** What a foreign key leads to: a table, and the column in it. */
interface Reference {
  table: string;
  key: string;
}

export interface Field extends FieldView {
  attribute: string;
  type: string;
  readonly: boolean;
  rule: z.ZodType;
  references?: Reference;
}

const AUTOMATIC = ["createdAt", "updatedAt", "deletedAt", "dateJoined"];

/** The words of a name: `isActive` and `is_active` become "Is active". */
export function labelOf(name: string) {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const defaultWidgets: Record<string, Widget> = {
  BOOLEAN: "checkbox",
  DATE: "datetime",
  DATEONLY: "date",
  ENUM: "select",
  INTEGER: "number",
  BIGINT: "number",
  SMALLINT: "number",
  FLOAT: "number",
  REAL: "number",
  "DOUBLE PRECISION": "number",
  DECIMAL: "number",
  JSON: "json",
  JSONB: "json",
  STRING: "text",
  CHAR: "text",
  UUID: "text",
  TEXT: "textarea",
};

function widgetOf(attribute: string, options: ModelAttributeColumnOptions): Widget {
  if (options.references) return "select";
  const type = typeOf(options);
  if (type === "STRING" && /email/i.test(attribute)) return "email";
  if (type === "STRING" && attribute === "slug") return "slug";
  const widget = defaultWidgets[type];
  if (!widget) throw new Error(`The admin knows no control for ${attribute}, which is ${type}.`);
  return widget;
}

/** What an ENUM may be. */
const valuesOf = ({ type, values }: ModelAttributeColumnOptions) =>
  (values ?? (type as { values?: string[] }).values) as string[] | undefined;

function referenceOf({ references }: ModelAttributeColumnOptions): Reference | undefined {
  if (typeof references === "string") return { table: references, key: "id" };
  return references && { table: references.model as string, key: references.key ?? "id" };
}

/** Attributes of a model that may be shown, in their order: no secret, no id. */
const attributesOf = ({ model, secret = [] }: Registered) =>
  Object.keys(model.getAttributes()).filter((name) => name !== "id" && !secret.includes(name));

const known = new WeakMap<Registered, Field[]>();

/** Every field of an entry, those to be changed and those to be read. */
export function fieldsOf(entry: Registered): Field[] {
  const fields = known.get(entry) ?? readFields(entry);
  known.set(entry, fields);
  return fields;
}

function readFields(entry: Registered): Field[] {
  const { model, labels = {}, help = {}, widgets = {}, readonly = [], prepopulate = {}, rules = {} } = entry;
  const { files = {} } = entry;
  const attributes = model.getAttributes() as Record<string, ModelAttributeColumnOptions>;
  const columnOf = (attribute: string) => attributes[attribute]!.field ?? attribute;
  return attributesOf(entry)
    .filter((attribute) => attribute !== "deletedAt" || !model.options.paranoid)
    .map((attribute) => {
      const options = attributes[attribute]!;
      const type = typeOf(options);
      const label = labels[attribute] ?? labelOf(attribute.replace(/Id$/, ""));
      const isBoolean = type === "BOOLEAN";
      // Only a text can be empty and still be something.
      const mayBeEmpty =
        isBoolean || (options.defaultValue !== undefined && ["STRING", "TEXT"].includes(type));
      const required = options.allowNull === false && !mayBeEmpty;
      const isText = type === "STRING" && !files[attribute];
      const maxLength = isText ? (options.type as unknown as { _length: number })._length : undefined;
      const widget = files[attribute] ? "file" : (widgets[attribute] ?? widgetOf(attribute, options));
      const from = prepopulate[attribute];
      const field = { attribute, name: columnOf(attribute), label, widget, required, maxLength, type };
      return {
        ...field,
        help: help[attribute],
        from: from && columnOf(from),
        accept: files[attribute]?.accept,
        maxBytes: files[attribute]?.field.maxBytes,
        references: referenceOf(options),
        choices: valuesOf(options)?.map((value) => ({ value, label: labelOf(value) })),
        readonly: Boolean(entry.viewOnly) || AUTOMATIC.includes(attribute) || readonly.includes(attribute),
        rule:
          rules[attribute] ??
          ruleOf({ ...field, nullable: options.allowNull !== false, among: valuesOf(options) }),
      };
    });
}

export const editable = (entry: Registered) => fieldsOf(entry).filter(({ readonly }) => !readonly);

export const isFile = ({ widget }: Field) => widget === "file";

/** The fields of the form that adds a row. One that may be empty may also be missing. */
export const addable = (entry: Registered): Field[] =>
  editable(entry)
    .filter(({ attribute }) => entry.adding?.includes(attribute) ?? true)
    .map((field) =>
      field.required ? field : { ...field, rule: z.preprocess((typed) => typed ?? "", field.rule) },
    );

/** The many of the form that adds a row, or changes one. */
export const manyOf = ({ many = [], adding }: Registered, isNew: boolean) => (isNew && adding ? [] : many);

/** What the fields of a row hold, by name of the field. */
export const inputsOf = (fields: Field[], row: Model): Record<string, string> =>
  Object.fromEntries(fields.map(({ name, attribute, type }) => [name, asText(row.get(attribute), type)]));

/** The attribute that a row is called by where nothing else is said: the first short text. */
export function nameAttributeOf(model: ModelStatic<Model>, secret: string[] = []): string | undefined {
  const attributes = model.getAttributes() as Record<string, { type: unknown }>;
  return Object.keys(attributes).find(
    (name) => attributes[name]!.type instanceof DataTypes.STRING && !secret.includes(name),
  );
}

/** What a row of any model is called. */
export function nameOf(row: Model, entry?: Registered): string {
  const known = entry ?? entries().find(({ model }) => model === row.constructor);
  if (known?.name) return known.name(row);
  const first = nameAttributeOf(row.constructor as ModelStatic<Model>, known?.secret);
  const text = first ? String(row.get(first) ?? "") : "";
  return text || `#${row.get("id") ?? ""}`;
}

/** A field without what only the server needs. */
export const viewOf = ({ attribute, type, readonly, rule, references, ...view }: Field): FieldView => view;
