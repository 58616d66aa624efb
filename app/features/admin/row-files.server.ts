/** Files of rows in the file store: what comes with a form, and what goes when its row does. */
import type { Model, Transaction } from "sequelize";
import { afterCommit } from "#models/database.server";
import type { Problem } from "~/components/problem";
import * as store from "~/services/files.server";
import type { FileField } from "~/services/uploads.server";
import type { Field } from "./fields.server";
import type { Registered } from "./registry.server";

/** The fields of a form that take files, by name. */
export const uploadsOf = ({ files = {} }: Registered, fields: Field[], isNew: boolean) =>
  Object.fromEntries(
    fields.map(({ name, attribute, label, required }): [string, FileField<unknown>] => [
      name,
      {
        ...files[attribute]!.field,
        required: isNew && required ? `Choose ${label.toLowerCase()}` : undefined,
      },
    ]),
  );

/** What becomes of the attributes of a row by the files that came, and by those that are taken away. */
export function valuesOfFiles(
  { files = {} }: Registered,
  fields: Field[],
  kept: Record<string, unknown>,
  isRemoved: (name: string) => boolean,
): Record<string, unknown> {
  const values = fields.map(({ name, attribute }) => {
    if (kept[name] !== undefined) return files[attribute]!.values(kept[name]);
    return isRemoved(name) ? files[attribute]!.values(null) : {};
  });
  return Object.assign({}, ...values);
}

/** Takes back the files of a form that is refused after all, and says so. */
export async function takeBack(
  { files = {} }: Registered,
  fields: Field[],
  kept: Record<string, unknown>,
  problem?: Problem,
) {
  for (const { name, attribute } of fields.filter(({ name }) => kept[name] !== undefined)) {
    const { label, discard } = files[attribute]!.field;
    await discard(kept[name]);
    problem?.errors.push({ name, message: `${label} was not saved. Choose it again` });
  }
}

/** The keys of every file that a row points to. */
export const fileKeysOf = ({ files = {} }: Registered, row: Model) =>
  Object.values(files).flatMap(({ keys }) => keys(row));

/** Deletes files once what no longer points to them is committed. */
export function release(keys: string[], transaction: Transaction) {
  if (keys.length > 0) afterCommit(transaction, () => store.remove(...keys));
}
