/** Adding, changing and deleting a row: in one transaction with its check, its many and the note of it. */
import type { Model, ModelAttributeColumnOptions, Transaction } from "sequelize";
import { Activity, type Actor, type Deed } from "#models/activity.server";
import { asText, typeOf } from "#models/as-text.server";
import { transaction } from "#models/database.server";
import type { CurrentUser } from "#models/session.server";
import { assertUnchanged } from "./conflict.server";
import { fieldsOf, nameOf } from "./fields.server";
import { attempt, type Outcome, Refused, refusedOutcome } from "./outcome.server";
import type { Registered } from "./registry.server";
import { changesBetween, type Snapshot, snapshot } from "./snapshot.server";

/** What a form sends: values by attribute, the many by name. */
export interface Wanted {
  values: Record<string, unknown>;
  many: Record<string, string[]>;
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
  await row.update(Object.fromEntries(differing(row, wanted.values, entry)), { transaction });
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
function differing(row: Model, values: Record<string, unknown>, { model }: Registered) {
  const attributes = model.getAttributes() as Record<string, ModelAttributeColumnOptions>;
  return Object.entries(values).filter(([name, value]) => {
    const type = attributes[name] && typeOf(attributes[name]);
    return asText(row.get(name), type) !== asText(value, type) || value === null;
  });
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

/** Stamps that go along with every change, and are none themselves. */
const STAMPS = ["createdAt", "updatedAt", "dateJoined"];

/** Notes a deed with what differs, field by field. @returns whether there was anything to note. */
async function note(
  entry: Registered,
  deed: Deed,
  row: Model,
  before: Snapshot | null,
  after: Snapshot | null,
  by: Actor,
  transaction: Transaction,
) {
  const isChange = before !== null && after !== null;
  const fields = fieldsOf(entry).filter(({ attribute }) => !isChange || !STAMPS.includes(attribute));
  const changes = changesBetween(fields, before, after);
  if (isChange && changes.length === 0) return false;
  const objectId = row.get("id") as number;
  const label = nameOf(row, entry);
  await Activity.record([{ deed, model: entry.key, objectId, label, changes }], by, transaction);
  return true;
}
