/** The form of a model: its schema, and what it is filled with. */
import { randomUUID } from "node:crypto";
import type { Model } from "sequelize";
import { z } from "zod";
import type { CurrentUser } from "#models/current-user.server";
import type { Problem } from "~/components/problem";
import { slugOf } from "~/components/slug";
import { fieldProblem, readForm } from "~/services/forms.server";
import { readUpload } from "~/services/uploads.server";
import { ownPasswordField } from "./delicate.server";
import {
  addable,
  editable,
  type Field,
  type FieldView,
  fieldsOf,
  inputsOf,
  isFile,
  manyOf,
  viewOf,
} from "./fields.server";
import {
  ADD_ANOTHER,
  CONTINUE,
  ENTER,
  OWN_PASSWORD,
  PICKED,
  removeFor,
  SEARCH,
  THEIRS,
  takeFor,
  VERSION,
  wordsFor,
} from "./form-names";
import { pickedOf } from "./look-up.server";
import { type ManyView, manyView } from "./many.server";
import { toFact } from "./query.server";
import { namesOf, withChoices } from "./references.server";
import { maySee, type Registered } from "./registry.server";
import { takeBack, uploadsOf, valuesOfFiles } from "./row-files.server";
import type { Wanted } from "./save.server";
import { openVersion, snapshot } from "./snapshot.server";

export interface FormView {
  singular: string;
  /** The list, or for who may not see it the index. */
  back: string;
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
export async function formView(entry: Registered, row: Model | null, by: CurrentUser): Promise<FormView> {
  const known = await withChoices(row ? editable(entry) : addable(entry), by);
  const fields = row ? await Promise.all(known.map((field) => withItsChoice(field, row))) : known;
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
    back: maySee(by, entry) ? entry.path : "/admin",
    sections: [{ title: "", fields: rest }, ...sets]
      .filter(({ fields }) => fields.length > 0)
      .map(({ title, fields }) => ({ title, fields: fields.map(viewOf) })),
    extra: row ? [] : (entry.extra?.fields ?? []),
    many: await Promise.all(many.map((one) => manyView(one, now?.many[one.name]))),
    shown: row ? await factsOf(readonlyOf(entry), row) : [],
    values: { ...inputsOf(fields, row ?? blank), ...Object.fromEntries(lists) },
    version: now ? JSON.stringify(openVersion(entry, now)) : "",
    key: randomUUID(),
  };
}

/** What is looked up has what the row has to choose from, before anybody searches. */
async function withItsChoice(field: Field, row: Model): Promise<Field> {
  if (field.widget !== "lookup") return field;
  const names = await namesOf(field, [row.get(field.attribute)]);
  return { ...field, choices: [...names].map(([value, label]) => ({ value, label })) };
}

const readonlyOf = (entry: Registered) => fieldsOf(entry).filter(({ readonly }) => readonly);

/** Fields of a row to be read. */
export const factsOf = (fields: Field[], row: Model) =>
  Promise.all(
    fields.map(async (field) => {
      const value = row.get(field.attribute);
      const name = field.references && (await namesOf(field, [value])).get(String(value));
      return { label: field.label, text: name ?? toFact(value, field) };
    }),
  );

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
export async function readModelForm(request: Request, entry: Registered, isNew: boolean, by: CurrentUser) {
  const all = isNew ? addable(entry) : editable(entry);
  const fields = all.filter((field) => !isFile(field));
  const ofFiles = all.filter(isFile);
  const many = manyOf(entry, isNew);
  const extra = isNew ? entry.extra : undefined;
  const searched = [...many, ...fields.filter(({ references }) => references)];
  const schema = z.object({
    // A slug that is left empty is made from its title below.
    ...Object.fromEntries(fields.map(({ name, rule, from }) => [name, isNew && from ? anything : rule])),
    ...Object.fromEntries(many.map(({ name }) => [name, z.array(z.string())])),
    ...Object.fromEntries(searched.map(({ name }) => [wordsFor(name), pressed])),
    ...Object.fromEntries(ofFiles.map(({ name }) => [removeFor(name), pressed])),
    ...Object.fromEntries([...all, ...many].map(({ name }) => [takeFor(name), pressed])),
    ...extra?.schema.shape,
    ...ownPasswordField,
    [VERSION]: version,
    [CONTINUE]: pressed,
    [ADD_ANOTHER]: pressed,
    [SEARCH]: pressed,
    [ENTER]: pressed,
  });
  const form =
    ofFiles.length > 0
      ? await readUpload(request, schema, uploadsOf(entry, ofFiles, isNew))
      : { ...(await readForm(request, schema)), status: 422, files: {} };
  const sent = form.problem ? form.problem.values : form.typed;
  const typed: Record<string, string> = { ...sent, [PICKED]: await pickedOf({ fields, many }, sent, by) };
  const kept: Record<string, unknown> = form.problem ? {} : form.files;
  const refused = async (name: string, message: string) => {
    const problem = fieldProblem(typed, name, message);
    await takeBack(entry, ofFiles, kept, problem);
    return { problem, status: 422 };
  };
  const isSearch = sent[SEARCH] || (sent[ENTER] && searched.some(({ name }) => sent[wordsFor(name)]));
  if (isSearch) {
    const search: Problem = { values: typed, errors: [] };
    await takeBack(entry, ofFiles, kept, search);
    return { search };
  }
  if (form.problem) return { problem: { ...form.problem, values: typed }, status: form.status };

  const value = form.value as Record<string, unknown>;
  for (const { name, from, rule } of isNew ? fields.filter(({ from }) => from) : []) {
    const made = rule.safeParse(String(value[name]).trim() || slugOf(typed[from!] ?? ""));
    if (!made.success) return refused(name, made.error.issues[0]!.message);
    value[name] = made.data;
  }
  // As in Django: a control that the form did not have leaves what the model begins with.
  const isSent = ({ name, type, from }: Field) => name in sent || type === "BOOLEAN" || Boolean(from);
  const wanted: Wanted = {
    values: {
      ...Object.fromEntries(
        (isNew ? fields.filter(isSent) : fields).map(({ attribute, name }) => [attribute, value[name]]),
      ),
      ...valuesOfFiles(entry, ofFiles, kept, (name) => Boolean(value[removeFor(name)])),
    },
    many: Object.fromEntries(many.map(({ name }) => [name, value[name] as string[]])),
  };
  // After a conflict: what is to be as others have saved it is not wanted otherwise.
  for (const { attribute, name } of all) if (value[takeFor(name)] === THEIRS) delete wanted.values[attribute];
  for (const { name } of many) if (value[takeFor(name)] === THEIRS) delete wanted.many[name];
  const stale = many.find(({ name }) => wanted.many[name]?.some((item) => item.includes("\u0000")));
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
    version: value[VERSION] as Record<string, string>,
    ownPassword: String(value[OWN_PASSWORD]),
    next: value[CONTINUE] ? "continue" : value[ADD_ANOTHER] ? "another" : "list",
    /** Takes back the files that came with it: what is wanted is refused, by this answer. */
    async takeBack<Answer extends { data: { problem: Problem } } | null>(answer: Answer): Promise<Answer> {
      await takeBack(entry, ofFiles, kept, answer?.data.problem);
      return answer;
    },
  } as const;
}
