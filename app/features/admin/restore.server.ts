/** Bringing a row back to how it was after one of its deeds. */
import type { Model } from "sequelize";
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/current-user.server";
import type { Change } from "#models/noted.server";
import type { Refusal } from "~/services/admin.server";
import { editable, inputsOf, isFile } from "./fields.server";
import type { Outcome } from "./outcome.server";
import type { Registered } from "./registry.server";
import { changeRow, type Wanted } from "./save.server";
import { type Snapshot, snapshot } from "./snapshot.server";

class CannotBe extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** What was done to a row after the deed `version`, newest first; null where it is none of that row. */
export async function changesSince(entry: Registered, id: number, version: number): Promise<Change[] | null> {
  const deeds = await Activity.of(entry.key, id, { limit: 10_000 });
  const at = deeds.findIndex((deed) => deed.id === version);
  return at < 0 ? null : deeds.slice(0, at).flatMap(({ changes }) => changes);
}

/**
 * What a row was before these changes. Fields that cannot be changed by hand stay as they are, and so do files: what
 * was replaced is not kept.
 *
 * @throws CannotBe where a rule of today refuses what was.
 */
function before(entry: Registered, row: Model, { many }: Snapshot, changes: Change[]): Wanted {
  const fields = editable(entry).filter((field) => !isFile(field));
  const inputs = inputsOf(fields, row);
  const lists = { ...many };
  for (const { field, before } of changes) {
    if (Object.hasOwn(inputs, field)) inputs[field] = before ?? "";
    if (Object.hasOwn(lists, field)) lists[field] = before ? before.split("\n") : [];
  }
  const values = fields.map(({ name, attribute, label, rule, type }) => {
    const result = rule.safeParse(type === "BOOLEAN" ? inputs[name] || undefined : inputs[name]);
    if (result.success) return [attribute, result.data];
    const message = `${label} cannot be as it was: ${result.error.issues[0]?.message}`;
    throw new CannotBe({ name: "", message });
  });
  return { values: Object.fromEntries(values), many: lists };
}

/** What restoring would make of a row, to look at. null where the rules of today refuse it. */
export async function wantedBefore(entry: Registered, row: Model, changes: Change[]): Promise<Wanted | null> {
  try {
    return before(entry, row, await snapshot(entry, row), changes);
  } catch (error) {
    if (error instanceof CannotBe) return null;
    throw error;
  }
}

/** Undoes these changes, newest first. */
export async function undo(
  entry: Registered,
  id: number,
  changes: Change[],
  by: CurrentUser,
): Promise<Outcome> {
  try {
    const want = (row: Model, now: Snapshot) => before(entry, row, now, changes);
    return await changeRow(entry, id, want, by, { deed: "restore" });
  } catch (error) {
    if (error instanceof CannotBe) return { refusal: error.refusal };
    throw error;
  }
}

/** What a row should have of its many and does not, for it is not there any more. */
export async function missingOf({ many = [] }: Registered, row: Model, wanted: Wanted): Promise<string[]> {
  const missing = await Promise.all(
    many.map(async ({ name, read }) => {
      const has = await read(row);
      return (wanted.many[name] ?? []).filter((item) => !has.includes(item));
    }),
  );
  return missing.flat();
}
