/** What a row holds at a moment: its fields and its many, as text by name. */
import { createHash } from "node:crypto";
import type { Model, Transaction } from "sequelize";
import type { Change } from "#models/noted.server";
import { editable, type Field, fieldsOf, inputsOf } from "./fields.server";
import type { Registered } from "./registry.server";

export interface Snapshot {
  inputs: Record<string, string>;
  many: Record<string, string[]>;
}

export async function snapshot(entry: Registered, row: Model, transaction?: Transaction): Promise<Snapshot> {
  const many: Snapshot["many"] = {};
  for (const { name, read } of entry.many ?? []) many[name] = (await read(row, transaction)).toSorted();
  return { inputs: inputsOf(fieldsOf(entry), row), many };
}

/** What differs of these fields and of the many, by name. */
export function changesBetween(fields: Field[], before: Snapshot | null, after: Snapshot | null): Change[] {
  const lists = Object.keys((before ?? after)?.many ?? {});
  const changes = [
    ...fields.map(({ name }) => ({
      field: name,
      before: before?.inputs[name] || null,
      after: after?.inputs[name] || null,
    })),
    ...lists.map((name) => ({
      field: name,
      before: before?.many[name]?.join("\n") || null,
      after: after?.many[name]?.join("\n") || null,
    })),
  ];
  return changes.filter(({ before, after }) => before !== after);
}

/** Stands for texts while somebody edits them: a short hash each. */
export const versionOf = (inputs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [
      name,
      createHash("sha256").update(text).digest("base64url").slice(0, 12),
    ]),
  );

/** What a form is opened on: fields and many, as hashes. */
export function openVersion(entry: Registered, { inputs, many }: Snapshot) {
  const names = editable(entry).map(({ name }) => name);
  const shown = Object.fromEntries(names.map((name) => [name, inputs[name] ?? ""]));
  const lists = Object.fromEntries(Object.entries(many).map(([name, list]) => [name, list.join("\n")]));
  return versionOf({ ...shown, ...lists });
}
