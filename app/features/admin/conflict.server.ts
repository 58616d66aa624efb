/** Two people with the same form open: the second is shown what the first has saved. */
import { data } from "@remix-run/node";
import type { Model, Transaction } from "sequelize";
import { Activity } from "#models/activity.server";
import { asText } from "#models/as-text.server";
import type { Problem } from "~/components/problem";
import { editable, isFile } from "./fields.server";
import { labelsOf } from "./many.server";
import { type Conflict, type Outcome, Refused } from "./outcome.server";
import { namesOf } from "./references.server";
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
    // No form comes back with a file in it.
    const isTouched = versionOf({ [name]: yours })[name] !== version[name] && !(field && isFile(field));
    const both = isTouched && yours !== theirs;
    const label = field?.label ?? many?.label ?? name;
    return { name, label, yours, theirs, both };
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
  return deeds.find(({ changes }) =>
    changes.some(({ field, after }) =>
      conflicts.some(({ name, theirs }) => name === field && theirs === (after ?? "")),
    ),
  );
}

/**
 * The form again, 409 (RFC 9110, 15.5.10), on top of what somebody else has saved meanwhile: what the person did not
 * touch is theirs now, and what both changed is the person's own, with the other's beside it.
 */
export async function conflictAnswer(
  entry: Registered,
  typed: Record<string, string>,
  outcome: Extract<Outcome, { conflicts: unknown }>,
) {
  const { who, when, version } = outcome;
  const values = { ...typed };
  for (const { name, theirs, both } of outcome.conflicts) if (!both) values[name] = theirs;
  const problem: Problem = { values, errors: [] };
  const conflicts = await Promise.all(outcome.conflicts.map((conflict) => inWords(entry, conflict)));
  return data(
    { problem, conflict: { conflicts, who, when, version: JSON.stringify(version) } },
    { status: 409 },
  );
}

/** A conflict as the page shows it. */
async function inWords(entry: Registered, conflict: Conflict): Promise<Conflict> {
  const field = editable(entry).find(({ name }) => name === conflict.name);
  const many = entry.many?.find(({ name }) => name === conflict.name);
  const { yours, theirs } = conflict;
  const names = field?.references ? await namesOf(field, [yours, theirs]) : many && (await labelsOf(many));
  const words = (text: string) => {
    if (field?.type === "BOOLEAN") return text ? "yes" : "no";
    if (field && isFile(field)) return text && "a file";
    return text
      .split("\n")
      .map((one) => names?.get(one) ?? one)
      .join("\n");
  };
  return { ...conflict, yours: words(yours), theirs: words(theirs) };
}
