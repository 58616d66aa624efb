/** Two people with the same form open: the second is shown what the first has saved. */
import { data } from "@remix-run/node";
import type { Model, Transaction } from "sequelize";
import { Activity } from "#models/activity.server";
import { asText } from "#models/as-text.server";
import type { Problem } from "~/components/problem";
import { editable } from "./fields.server";
import { type Conflict, type Outcome, Refused } from "./outcome.server";
import type { Registered } from "./registry.server";
import type { Wanted } from "./save.server";
import { openVersion, type Snapshot, versionOf } from "./snapshot.server";

/** @throws Refused with yours and theirs, where a field is not what it was when the form was opened. */
export async function assertUnchanged(
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
      ? asText(wanted.values[field.attribute], field.type)
      : (wanted.many[name] ?? []).toSorted().join("\n");
    const theirs = field ? (before.inputs[name] ?? "") : (before.many[name] ?? []).join("\n");
    const both = versionOf({ [name]: yours })[name] !== version[name] && yours !== theirs;
    const label = field?.label ?? many?.label ?? name;
    return { name, label, isTick: field?.type === "BOOLEAN", yours, theirs, both };
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
  const asNoted = (lines: string) => lines.replaceAll("\n", ", ");
  return deeds.find(({ changes }) =>
    changes.some(({ field, after }) =>
      conflicts.some(({ name, theirs }) => name === field && asNoted(theirs) === asNoted(after ?? "")),
    ),
  );
}

/**
 * The form again, 409 (RFC 9110, 15.5.10), on top of what somebody else has saved meanwhile: what the person did not touch is theirs now, and
 * what both changed is the person's own, with the other's beside it.
 */
export function conflictAnswer(
  typed: Record<string, string>,
  outcome: Extract<Outcome, { conflicts: unknown }>,
) {
  const { conflicts, who, when, version } = outcome;
  const values = { ...typed };
  for (const { name, theirs, both } of conflicts) if (!both) values[name] = theirs;
  const problem: Problem = { values, errors: [] };
  const conflict = { conflicts, who, when, version: JSON.stringify(version) };
  return data({ problem, conflict }, { status: 409 });
}
