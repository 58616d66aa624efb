/** Bringing a row back to how it was after one of its deeds. */
import type { Model } from "sequelize";
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/session.server";
import type { Refusal } from "~/services/admin.server";
import { editable, inputsOf } from "./fields.server";
import type { Outcome } from "./outcome.server";
import type { Registered } from "./registry.server";
import { changeRow, type Wanted } from "./save.server";

class CannotBe extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/**
 * Undoes, newest first, everything that was done to a row after the deed `version`. Fields that cannot be changed by
 * hand stay as they are, and so do delicate ones and the many.
 */
export async function restoreVersion(
  entry: Registered,
  id: number,
  version: number,
  by: CurrentUser,
): Promise<Outcome> {
  const deeds = await Activity.of(entry.key, id, { limit: 10_000 });
  const at = deeds.findIndex((deed) => deed.id === version);
  if (at < 0) return { gone: true };
  const undone = deeds.slice(0, at).flatMap(({ changes }) => changes);
  const before = (row: Model): Wanted => {
    const fields = editable(entry).filter(({ attribute }) => !entry.delicate?.includes(attribute));
    const inputs = inputsOf(fields, row);
    for (const { field, before } of undone) if (Object.hasOwn(inputs, field)) inputs[field] = before ?? "";
    const values = fields.map(({ name, attribute, label, rule, type }) => {
      const result = rule.safeParse(type === "BOOLEAN" ? inputs[name] || undefined : inputs[name]);
      if (result.success) return [attribute, result.data];
      const message = `${label} cannot be as it was: ${result.error.issues[0]?.message}`;
      throw new CannotBe({ name: "", message });
    });
    return { values: Object.fromEntries(values), many: {} };
  };
  try {
    return await changeRow(entry, id, before, by, { deed: "restore" });
  } catch (error) {
    if (error instanceof CannotBe) return { refusal: error.refusal };
    throw error;
  }
}
