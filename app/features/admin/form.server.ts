/** The form of a model: its schema, and what it is filled with. */
import { randomUUID } from "node:crypto";
import type { Model } from "sequelize";
import { z } from "zod";
import type { Problem } from "~/components/problem";
import { slugOf } from "~/components/slug";
import { fieldProblem, readForm } from "~/services/forms.server";
import {
  addable,
  editable,
  type Field,
  type FieldView,
  fieldsOf,
  inputsOf,
  manyOf,
  viewOf,
  withChoices,
} from "./fields.server";
import { type ManyView, manyView, PICKED, pickedOf, wordsFor } from "./many.server";
import { toFact } from "./query.server";
import type { Registered } from "./registry.server";
import type { Wanted } from "./save.server";
import { openVersion, snapshot } from "./snapshot.server";

export interface FormView {
  singular: string;
  path: string;
  sections: { title: string; fields: FieldView[] }[];
  extra: { name: string; label: string; help?: string; type: "password" }[];
  many: ManyView[];
  shown: { label: string; text: string }[];
  values: Record<string, string>;
  /** What the row was when the form was opened. */
  version: string;
  /** Another one each time that the form is opened anew: what was typed into the last one is not kept. */
  key: string;
}

/** The form to add a row, or to change one. */
export async function formView(entry: Registered, row: Model | null): Promise<FormView> {
  const fields = await withChoices(row ? editable(entry) : addable(entry));
  const grouped = new Set(entry.fieldsets?.flatMap((set) => set.fields));
  const rest = fields.filter(({ attribute }) => !grouped.has(attribute));
  const sets = (entry.fieldsets ?? []).map(({ title, fields: names }) => ({
    title,
    fields: names.flatMap((name) => fields.filter(({ attribute }) => attribute === name)),
  }));
  const many = manyOf(entry, !row);
  // One reading for what is shown and for its version.
  const now = row && (await snapshot(entry, row));
  const lists = many.map(({ name }) => [name, now?.many[name]?.join("\n") ?? ""]);
  const blank = entry.model.build();
  return {
    singular: entry.singular,
    path: entry.path,
    sections: [{ title: "", fields: rest }, ...sets]
      .filter(({ fields }) => fields.length > 0)
      .map(({ title, fields }) => ({ title, fields: fields.map(viewOf) })),
    extra: row ? [] : (entry.extra?.fields ?? []),
    many: await Promise.all(many.map((one) => manyView(one, now?.many[one.name]))),
    shown: row ? shownOf(entry, row) : [],
    values: { ...inputsOf(fields, row ?? blank), ...Object.fromEntries(lists) },
    version: now ? JSON.stringify(openVersion(entry, now)) : "",
    key: randomUUID(),
  };
}

/** What is shown and cannot be changed. */
const shownOf = (entry: Registered, row: Model) =>
  fieldsOf(entry)
    .filter(({ readonly }) => readonly)
    .map((field) => ({ label: field.label, text: toFact(row.get(field.attribute), field) }));

const version = z
  .string()
  .default("")
  .transform((text) => {
    try {
      return z.record(z.string(), z.string()).parse(JSON.parse(text));
    } catch {
      return {};
    }
  });

const anything = z.string().default("");
const pressed = z.string().optional();

/** Reads the form: what is wanted, the version that it was opened on, the button that was pressed. */
export async function readModelForm(request: Request, entry: Registered, isNew: boolean) {
  const fields = isNew ? addable(entry) : editable(entry);
  const many = manyOf(entry, isNew);
  const extra = isNew ? entry.extra : undefined;
  const schema = z.object({
    // A slug that is left empty is made from its title below.
    ...Object.fromEntries(fields.map(({ name, rule, from }) => [name, isNew && from ? anything : rule])),
    ...Object.fromEntries(many.map(({ name }) => [name, z.array(z.string())])),
    ...Object.fromEntries(many.map(({ name }) => [wordsFor(name), anything])),
    ...extra?.schema.shape,
    _version: version,
    _own_password: z.string().default("").meta({ secret: true }),
    _continue: pressed,
    _addanother: pressed,
    _search: pressed,
    _enter: pressed,
  });
  const form = await readForm(request, schema);
  const sent = form.problem ? form.problem.values : form.typed;
  const typed: Record<string, string> = { ...sent, [PICKED]: await pickedOf(many, sent) };
  const refused = (name: string, message: string) => ({ problem: fieldProblem(typed, name, message) });
  const isSearch = sent._search || (sent._enter && many.some(({ name }) => sent[wordsFor(name)]));
  if (isSearch) return { search: { values: typed, errors: [] } satisfies Problem };
  if (form.problem) return { problem: { ...form.problem, values: typed } };

  const value = form.value as Record<string, unknown>;
  for (const { name, from, rule } of isNew ? fields.filter(({ from }) => from) : []) {
    const made = rule.safeParse(String(value[name]).trim() || slugOf(typed[from!] ?? ""));
    if (!made.success) return refused(name, made.error.issues[0]!.message);
    value[name] = made.data;
  }
  // As in Django: a control that the form did not have leaves what the model begins with.
  const isSent = ({ name, type, from }: Field) => name in sent || type === "BOOLEAN" || Boolean(from);
  const wanted: Wanted = {
    values: Object.fromEntries(
      (isNew ? fields.filter(isSent) : fields).map(({ attribute, name }) => [attribute, value[name]]),
    ),
    many: Object.fromEntries(many.map(({ name }) => [name, value[name] as string[]])),
  };
  const stale = many.find(({ name }) => wanted.many[name]!.some((item) => item.includes("\u0000")));
  if (stale) return refused(stale.name, "Choose from the list");
  if (extra) {
    const names = Object.keys(extra.schema.shape);
    const given = Object.fromEntries(names.map((name) => [name, String(value[name] ?? "")]));
    const result = await extra.read(given, wanted.values);
    if ("message" in result && "name" in result) return refused(String(result.name), String(result.message));
    Object.assign(wanted.values, result);
  }
  return {
    wanted,
    typed,
    version: value._version as Record<string, string>,
    ownPassword: String(value._own_password),
    next: value._continue ? "continue" : value._addanother ? "another" : "list",
  } as const;
}
