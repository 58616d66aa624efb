/** Adding, changing and deleting a row: in one transaction with its check, its many and the note of it. */
import { type Model, type ModelAttributeColumnOptions, type Transaction, Utils } from "sequelize";
import { Activity, type Deed } from "#models/activity.server";
import { asText, typeOf } from "#models/as-text.server";
import type { CurrentUser } from "#models/current-user.server";
import { mayHaveCommitted, transaction } from "#models/database.server";
import type { Refusal } from "~/services/admin.server";
import { assertUnchanged } from "./conflict.server";
import { fieldsOf, nameOf } from "./fields.server";
import { attempt, type Outcome, Refused, refusedOutcome } from "./outcome.server";
import type { Registered } from "./registry.server";
import {
  consequences,
  filesAlong,
  mayNoteAlong,
  mayTakeForbidden,
  mayTakeItsOwn,
  noteAlong,
} from "./related.server";
import { fileKeysOf, release } from "./row-files.server";
import { changesBetween, type Snapshot, snapshot } from "./snapshot.server";

/** What a form sends: values by attribute, the many by name. */
export interface Wanted {
  values: Record<string, unknown>;
  many: Record<string, string[]>;
}

/** A function says what is wanted of the row as it is, when nobody else can change it. */
type Want = Wanted | ((row: Model, now: Snapshot) => Wanted);

/** What one transaction does, and what is noted at its end: of many rows at once. */
interface Job {
  entry: Registered;
  by: CurrentUser;
  transaction: Transaction;
  deeds: Parameters<typeof Activity.record>[0];
  /** Rows that are deleted at the end, in one statement; without it each is deleted at once. */
  going?: number[];
}

async function inJob<Result>(
  entry: Registered,
  by: CurrentUser,
  transaction: Transaction,
  work: (job: Job) => Promise<Result>,
): Promise<Result> {
  const job: Job = { entry, by, transaction, deeds: [] };
  const result = await work(job);
  if (job.going) await entry.model.destroy({ where: { id: job.going }, transaction });
  await Activity.record(job.deeds, by, transaction);
  return result;
}

export async function addRow(entry: Registered, wanted: Wanted, by: CurrentUser): Promise<Outcome> {
  const add = (transaction: Transaction) =>
    inJob(entry, by, transaction, async (job) => {
      const intent = { deed: "add" as const, row: null, ...wanted, by, transaction };
      const refusal = await entry.refuse?.(intent);
      if (refusal) throw new Refused({ refusal });
      const row = await entry.model.create(wanted.values, { transaction });
      for (const { name, write } of entry.many ?? []) await write(row, wanted.many[name] ?? [], transaction);
      await entry.along?.({ ...intent, row });
      note(job, "add", row, null, await snapshot(entry, row, transaction));
      return { row, changed: true };
    });
  return attempt(entry, add, wanted.values);
}

/** Changes a row, unless somebody else has since `version`. */
export async function changeRow(
  entry: Registered,
  id: number,
  want: Want,
  by: CurrentUser,
  options: { version?: Record<string, string>; deed?: Deed } = {},
): Promise<Outcome> {
  const wanted = typeof want === "function" ? undefined : want.values;
  const work = (transaction: Transaction) =>
    inJob(entry, by, transaction, async (job) => change(job, await locked(job, id), want, options));
  return attempt(entry, work, wanted);
}

/** Deletes a row. Where the model has a trash, it goes there. */
export async function deleteRow(entry: Registered, id: number, by: CurrentUser): Promise<Outcome> {
  return attempt(entry, (transaction) =>
    inJob(entry, by, transaction, async (job) => remove(job, await locked(job, id))),
  );
}

/** Rows that many deeds do in one transaction: a commit waits for the disk. */
const BATCH = 100;

/** Does the same with many rows. What is refused for one does not keep the others from it. */
export async function forEachRow(
  entry: Registered,
  ids: number[],
  by: CurrentUser,
  want: EachWant,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    const together = (job: Job) => inTurn(job, batch, want);
    const work = (transaction: Transaction) => inJob(entry, by, transaction, together);
    const done = await transaction(work).catch((error) => {
      // What may be stored is not done again.
      if (mayHaveCommitted(error)) throw error;
      return apart(entry, batch, by, want);
    });
    outcomes.push(...done);
  }
  return outcomes;
}

type EachWant = "delete" | ((row: Model) => Wanted);

const one = (job: Job, row: Model, want: EachWant) =>
  want === "delete" ? remove(job, row) : change(job, row, want);

/** A rule refuses before anything is written for its row, so the others may go on. */
async function inTurn(job: Job, ids: number[], want: EachWant): Promise<Outcome[]> {
  const { model, along, refuse } = job.entry;
  const options = { transaction: job.transaction, lock: true };
  // What is done along with a row, or deleted with it, may be the next one: then each is read when it is its turn.
  const mayReadAhead = !along && (want !== "delete" || !mayTakeItsOwn(job.entry));
  // A rule may ask for what is still there, and so does the history: then each is deleted before the next one is looked at.
  if (want === "delete" && mayReadAhead && !refuse && !mayNoteAlong(model)) job.going = [];
  const ahead = mayReadAhead ? await model.findAll({ where: { id: ids }, order: ["id"], ...options }) : [];
  const rows = new Map(ahead.map((row) => [row.get("id"), row]));
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    const row = mayReadAhead ? rows.get(id) : await model.findByPk(id, options);
    outcomes.push(row ? await one(job, row, want).catch(refusedOutcome) : { gone: true });
  }
  return outcomes;
}

/** The database refused one of them: each by itself tells which. */
async function apart(entry: Registered, ids: number[], by: CurrentUser, want: EachWant): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    const alone = async (job: Job) => one(job, await locked(job, id), want);
    outcomes.push(await attempt(entry, (transaction) => inJob(entry, by, transaction, alone)));
  }
  return outcomes;
}

async function locked({ entry, transaction }: Job, id: number): Promise<Model> {
  const row = await entry.model.findByPk(id, { transaction, lock: true });
  if (!row) throw new Refused({ gone: true });
  return row;
}

async function change(
  job: Job,
  row: Model,
  want: Want,
  { version, deed = "change" }: { version?: Record<string, string>; deed?: Deed } = {},
): Promise<Outcome> {
  const { entry, by, transaction } = job;
  const before = await snapshot(entry, row, transaction);
  const wanted = typeof want === "function" ? want(copyOf(entry, row), before) : want;
  if (version) await assertUnchanged(entry, row, before, wanted, version, transaction);
  const values = { ...row.get({ plain: true }), ...wanted.values };
  const intent = { deed: "change" as const, row, values, many: wanted.many, by, transaction };
  const refusal = await entry.refuse?.(intent);
  if (refusal) throw new Refused({ refusal });
  const files = fileKeysOf(entry, row);
  await row.update(differing(entry, row, wanted.values), { transaction });
  const kept = fileKeysOf(entry, row);
  release(
    files.filter((key) => !kept.includes(key)),
    transaction,
  );
  for (const { name, write } of entry.many ?? []) {
    const list = wanted.many[name];
    if (list && list.toSorted().join("\n") !== before.many[name]?.join("\n"))
      await write(row, list, transaction);
  }
  await entry.along?.({ ...intent, row });
  return { row, changed: note(job, deed, row, before, await snapshot(entry, row, transaction)) };
}

async function remove(job: Job, row: Model): Promise<Outcome> {
  const { entry, by, transaction } = job;
  const intent = { deed: "delete" as const, row, values: {}, many: {}, by, transaction };
  const refusal = (await entry.refuse?.(intent)) ?? (await notTheirs(job, row));
  if (refusal) throw new Refused({ refusal });
  note(job, "delete", row, await snapshot(entry, row, transaction), null);
  await noteAlong(entry, row.get("id") as number, by, transaction);
  await entry.along?.({ ...intent, row });
  if (!entry.model.options.paranoid) {
    const along = await filesAlong(entry, row.get("id") as number, transaction);
    release([...fileKeysOf(entry, row), ...along], transaction);
  }
  if (job.going) job.going.push(row.get("id") as number);
  else await row.destroy({ transaction });
  return { row, changed: true };
}

/** Who may delete a row may not thereby delete others that they may not. */
async function notTheirs({ entry, by, transaction }: Job, row: Model): Promise<Refusal | null> {
  if (!mayTakeForbidden(entry, by)) return null;
  const { forbidden } = await consequences(entry, [row.get("id") as number], by, transaction);
  const message = `You may not delete ${forbidden.join(", ")}, which would go along with it`;
  return forbidden.length > 0 ? { name: "", message } : null;
}

/** The row once more, to be changed on trial: rules still see the one that it is. */
const copyOf = ({ model }: Registered, row: Model) =>
  model.build(Utils.cloneDeep(row.get({ plain: true })), { isNewRecord: false, raw: true });

/** Values whose control would hold something else: a time keeps the milliseconds that no control shows. */
function differing({ model }: Registered, row: Model, values: Record<string, unknown>) {
  const attributes = model.getAttributes() as Record<string, ModelAttributeColumnOptions>;
  const differs = ([name, value]: [string, unknown]) => {
    const type = attributes[name] && typeOf(attributes[name]);
    return asText(row.get(name), type) !== asText(value, type) || value === null;
  };
  return Object.fromEntries(Object.entries(values).filter(differs));
}

/** Stamps that go along with every change, and are none themselves. */
const STAMPS = ["createdAt", "updatedAt", "dateJoined"];

/** Notes a deed with what differs, field by field. @returns whether there was anything to note. */
function note(
  { entry, deeds }: Job,
  deed: Deed,
  row: Model,
  before: Snapshot | null,
  after: Snapshot | null,
) {
  const isChange = before !== null && after !== null;
  const fields = fieldsOf(entry).filter(({ attribute }) => !isChange || !STAMPS.includes(attribute));
  const changes = changesBetween(fields, before, after);
  if (isChange && changes.length === 0) return false;
  deeds.push({
    deed,
    model: entry.key,
    objectId: row.get("id") as number,
    label: nameOf(row, entry),
    changes,
  });
  return true;
}
