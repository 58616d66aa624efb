/** Adding, changing and deleting a row: in one transaction with its check, its many and the note of it. */
import {
  ForeignKeyConstraintError,
  type Model,
  type Transaction,
  UniqueConstraintError,
  ValidationError,
} from "sequelize";
import { Activity, type Change, type Deed } from "#models/activity.server";
import { transaction } from "#models/database.server";
import type { CurrentUser } from "#models/session.server";
import type { Many, Refusal } from "~/services/admin.server";
import { editable, type Field, fieldsOf, inputsOf, nameOf, toInput, versionOf } from "./fields.server";
import type { Registered } from "./registry.server";

/** What a form sends: values by attribute, the many by name. */
export interface Wanted {
  values: Record<string, unknown>;
  many: Record<string, string[]>;
}

/** A field that somebody else has changed since the form was opened. */
export interface Conflict {
  name: string;
  label: string;
  yours: string;
  theirs: string;
  /** The person changed it too, and has to choose. */
  both: boolean;
}

export type Outcome =
  | { row: Model; changed: boolean }
  | { refusal: Refusal }
  | { conflicts: Conflict[]; who: string; when: Date | null; version: Record<string, string> }
  | { gone: true };

class Refused extends Error {
  constructor(readonly outcome: Exclude<Outcome, { row: Model }>) {
    super("refused");
  }
}

const DEADLOCK = "40P01";

/** Runs `work`; what it refuses rolls back, and what the database refuses is told at its field. */
async function attempt(
  entry: Registered,
  work: (transaction: Transaction) => Promise<Outcome>,
  tries = 5,
): Promise<Outcome> {
  try {
    return await transaction(work);
  } catch (error) {
    // Postgres gave up one of two that waited for each other; it has done nothing.
    if ((error as { original?: { code?: string } }).original?.code === DEADLOCK && tries > 1) {
      return attempt(entry, work, tries - 1);
    }
    if (error instanceof Refused) return refusedOutcome(error);
    if (error instanceof UniqueConstraintError) {
      const columns = Array.isArray(error.fields) ? error.fields : Object.keys(error.fields);
      return { refusal: takenBy(entry, columns) };
    }
    if (error instanceof ValidationError) {
      const [first] = error.errors;
      const field = fieldsOf(entry).find(({ attribute }) => attribute === first?.path);
      return { refusal: { name: field?.name ?? "", message: first?.message ?? error.message } };
    }
    if (error instanceof ForeignKeyConstraintError) {
      return {
        refusal: { name: "", message: "What it refers to is not there any more, or still refers to it" },
      };
    }
    throw error;
  }
}

function takenBy(entry: Registered, columns: string[]): Refusal {
  const names = columns.map((column) => column.replace(/^.*\./, "").replace(/_key$/, ""));
  const field = fieldsOf(entry).find(
    ({ name, attribute }) => names.includes(name) || names.includes(attribute),
  );
  const called = entry.singular.charAt(0).toUpperCase() + entry.singular.slice(1);
  return {
    name: field?.name ?? "",
    message: `${called} with this ${field?.label.toLowerCase() ?? "value"} already exists.`,
  };
}

const readMany = async (many: Many[], row: Model, transaction: Transaction) =>
  Object.fromEntries(
    await Promise.all(
      many.map(async ({ name, read }) => [name, (await read(row, transaction)).sort()] as const),
    ),
  );

/** What differs, field by field; fields that are no secret. */
function changesBetween(
  fields: Field[],
  many: Many[],
  before: Snapshot | null,
  after: Snapshot | null,
): Change[] {
  const single = fields.map(({ name, label }) => ({
    field: label,
    before: before?.inputs[name] || null,
    after: after?.inputs[name] || null,
  }));
  const several = many.map(({ name, label }) => ({
    field: label,
    before: before?.many[name]?.join(", ") || null,
    after: after?.many[name]?.join(", ") || null,
  }));
  return [...single, ...several].filter((change) => change.before !== change.after);
}

interface Snapshot {
  inputs: Record<string, string>;
  many: Record<string, string[]>;
}

export async function snapshot(entry: Registered, row: Model, transaction: Transaction): Promise<Snapshot> {
  return { inputs: inputsOf(fieldsOf(entry), row), many: await readMany(entry.many ?? [], row, transaction) };
}

/** By the name that is theirs alone: a display name could be anybody's. */
const byOf = ({ id, username }: CurrentUser) => ({ id, name: username });

/** What a form is opened on: fields and many, as hashes. */
export function openVersion(entry: Registered, { inputs, many }: Snapshot) {
  const names = editable(entry).map(({ name }) => name);
  const shown = Object.fromEntries(names.map((name) => [name, inputs[name] ?? ""]));
  const lists = Object.fromEntries(Object.entries(many).map(([name, list]) => [name, list.join("\n")]));
  return versionOf({ ...shown, ...lists });
}

export async function addRow(entry: Registered, wanted: Wanted, by: CurrentUser): Promise<Outcome> {
  return attempt(entry, async (transaction) => {
    const intent = { deed: "add" as const, row: null, ...wanted, by, transaction };
    const refusal = await entry.refuse?.(intent);
    if (refusal) throw new Refused({ refusal });
    const row = await entry.model.create(wanted.values, { transaction });
    for (const { name, write } of entry.many ?? []) await write(row, wanted.many[name] ?? [], transaction);
    await entry.along?.({ ...intent, row });
    await note(entry, "add", row, null, await snapshot(entry, row, transaction), by, transaction);
    return { row, changed: true };
  });
}

/**
 * Changes a row, unless somebody else has since `version`. A function says what is wanted of the row as it is, when
 * nobody else can change it.
 */
export async function changeRow(
  entry: Registered,
  id: unknown,
  want: Wanted | ((row: Model) => Wanted),
  by: CurrentUser,
  options: { version?: Record<string, string>; deed?: Deed } = {},
): Promise<Outcome> {
  return attempt(entry, (transaction) => changeIn(transaction, entry, id, want, by, options));
}

async function changeIn(
  transaction: Transaction,
  entry: Registered,
  id: unknown,
  want: Wanted | ((row: Model) => Wanted),
  by: CurrentUser,
  { version, deed = "change" }: { version?: Record<string, string>; deed?: Deed } = {},
): Promise<Outcome> {
  const row = await entry.model.findByPk(id as number, { transaction, lock: true });
  if (!row) throw new Refused({ gone: true });
  const before = await snapshot(entry, row, transaction);
  const wanted = typeof want === "function" ? want(await copyOf(entry, row, transaction)) : want;
  if (version) await assertUnchanged(entry, row, before, wanted, version, transaction);
  const values = { ...row.get({ plain: true }), ...wanted.values };
  const intent = { deed: "change" as const, row, values, many: wanted.many, by, transaction };
  const refusal = await entry.refuse?.(intent);
  if (refusal) throw new Refused({ refusal });
  await row.update(Object.fromEntries(differing(row, wanted.values)), { transaction });
  for (const { name, write } of entry.many ?? []) {
    const list = wanted.many[name];
    if (list && list.toSorted().join("\n") !== before.many[name]?.join("\n"))
      await write(row, list, transaction);
  }
  await entry.along?.({ ...intent, row });
  const changed = await note(
    entry,
    deed,
    row,
    before,
    await snapshot(entry, row, transaction),
    by,
    transaction,
  );
  return { row, changed };
}

/** The row once more, to be changed on trial: rules still see the one that it is. */
const copyOf = async ({ model }: Registered, row: Model, transaction: Transaction) =>
  (await model.findByPk(row.get("id") as number, { transaction }))!;

/** Values whose control would hold something else: a time keeps the milliseconds that no control shows. */
const differing = (row: Model, values: Record<string, unknown>) =>
  Object.entries(values).filter(
    ([name, value]) => toInput(row.get(name)) !== toInput(value) || value === null,
  );

async function assertUnchanged(
  entry: Registered,
  row: Model,
  before: Snapshot,
  wanted: Wanted,
  version: Record<string, string>,
  transaction: Transaction,
) {
  const current = openVersion(entry, before);
  const moved = Object.keys(current).filter((name) => version[name] !== current[name]);
  if (moved.length === 0) return;
  const fields = editable(entry);
  const conflicts = moved.map((name): Conflict => {
    const field = fields.find((field) => field.name === name);
    const many = entry.many?.find((many) => many.name === name);
    const yours = field
      ? toInput(wanted.values[field.attribute])
      : (wanted.many[name] ?? []).toSorted().join("\n");
    const theirs = field ? (before.inputs[name] ?? "") : (before.many[name] ?? []).join("\n");
    const opened = version[name];
    const both = versionOf({ [name]: yours })[name] !== opened && yours !== theirs;
    return { name, label: field?.label ?? many?.label ?? name, yours, theirs, both };
  });
  const last = await lastToChange(entry, row, conflicts, transaction);
  throw new Refused({
    conflicts,
    who: last?.userName ?? "",
    when: last?.createdAt ?? null,
    version: current,
  });
}

/** The newest deed that made one of the fields what it is now; none where it is not on record. */
async function lastToChange(
  { key }: Registered,
  row: Model,
  conflicts: Conflict[],
  transaction: Transaction,
) {
  const deeds = await Activity.of(key, row.get("id") as number, { limit: 20, transaction });
  const asText = (lines: string) => lines.replaceAll("\n", ", ");
  return deeds.find(({ changes }) =>
    changes.some(({ field, after }) =>
      conflicts.some(({ label, theirs }) => label === field && asText(theirs) === asText(after ?? "")),
    ),
  );
}

/** Deletes a row. Where the model has a trash, it goes there. */
export async function deleteRow(entry: Registered, id: unknown, by: CurrentUser): Promise<Outcome> {
  return attempt(entry, (transaction) => deleteIn(transaction, entry, id, by));
}

async function deleteIn(
  transaction: Transaction,
  entry: Registered,
  id: unknown,
  by: CurrentUser,
): Promise<Outcome> {
  const row = await entry.model.findByPk(id as number, { transaction, lock: true });
  if (!row) throw new Refused({ gone: true });
  const intent = { deed: "delete" as const, row, values: {}, many: {}, by, transaction };
  const refusal = await entry.refuse?.(intent);
  if (refusal) throw new Refused({ refusal });
  const before = await snapshot(entry, row, transaction);
  await entry.along?.({ ...intent, row });
  // Before it goes: who deletes themselves is still there to be named.
  await note(entry, "delete", row, before, null, by, transaction);
  await row.destroy({ transaction });
  return { row, changed: true };
}

/** Rows that many deeds do in one transaction: a commit waits for the disk. */
const BATCH = 100;

/** Does the same with many rows. What is refused for one does not keep the others from it. */
export async function forEachRow(
  entry: Registered,
  ids: number[],
  by: CurrentUser,
  want: "delete" | ((row: Model) => Wanted),
): Promise<Outcome[]> {
  const one = (id: number, transaction: Transaction) =>
    want === "delete" ? deleteIn(transaction, entry, id, by) : changeIn(transaction, entry, id, want, by);
  const outcomes: Outcome[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    const together = await transaction(async (transaction) => {
      const done: Outcome[] = [];
      // A rule refuses before anything is written, so the others may go on.
      for (const id of batch) done.push(await one(id, transaction).catch(refusedOutcome));
      return done;
    }).catch(() => null);
    // The database refused one of them: each by itself tells which.
    const apart = async () => {
      const done: Outcome[] = [];
      for (const id of batch) done.push(await attempt(entry, (transaction) => one(id, transaction)));
      return done;
    };
    outcomes.push(...(together ?? (await apart())));
  }
  return outcomes;
}

function refusedOutcome(error: unknown): Outcome {
  if (error instanceof Refused) return error.outcome;
  throw error;
}

async function note(
  entry: Registered,
  deed: Deed,
  row: Model,
  before: Snapshot | null,
  after: Snapshot | null,
  by: CurrentUser,
  transaction: Transaction,
) {
  const fields = fieldsOf(entry).filter(({ readonly, attribute }) => !readonly || attribute === "createdAt");
  const changes = changesBetween(fields, entry.many ?? [], before, after);
  if (changes.length === 0 && deed !== "add" && deed !== "delete") return false;
  const objectId = row.get("id") as number;
  await Activity.record(
    [{ deed, model: entry.key, objectId, label: nameOf(row, entry), changes }],
    byOf(by),
    transaction,
  );
  return true;
}
