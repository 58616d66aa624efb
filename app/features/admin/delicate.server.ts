/** Changes that ask for one's own password first. */
import { isDeepStrictEqual } from "node:util";
import type { Model } from "sequelize";
import { z } from "zod";
import { confirmPassword, isConfirmed } from "~/services/own-password.server";
import { OWN_PASSWORD } from "./form-names";
import type { Wanted } from "./save.server";
import type { Screen } from "./screen.server";

/** The field for it: empty unless it was asked for. */
export const ownPasswordField = { [OWN_PASSWORD]: z.string().default("").meta({ secret: true }) };

/**
 * The answer that asks for the person's own password, or null where the change is not delicate or the password is
 * given.
 */
export async function askOwnPassword(
  request: Request,
  { entry, user }: Screen,
  row: Model | null,
  form: { wanted: Wanted; typed: Record<string, string>; ownPassword: string },
) {
  if (isConfirmed(user) || !(await isDelicate(entry.delicate ?? [], entry, row, form.wanted))) return null;
  return confirmPassword(request, user, OWN_PASSWORD, form.ownPassword, form.typed);
}

async function isDelicate(
  names: string[],
  { model, many = [] }: Screen["entry"],
  row: Model | null,
  wanted: Wanted,
) {
  const before = row ?? model.build();
  for (const name of names) {
    // What a new row says of itself is nobody else's.
    if (row && name in wanted.values && !isDeepStrictEqual(wanted.values[name], before.get(name)))
      return true;
    const list = many.find((one) => one.name === name);
    if (!list || !wanted.many[name]) continue;
    const had = row ? await list.read(row) : [];
    if (!isDeepStrictEqual(had.toSorted(), wanted.many[name].toSorted())) return true;
  }
  return false;
}
