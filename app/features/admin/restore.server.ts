/** Bringing a row back to how it was after one of its deeds. */
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/session.server";
import { editable, inputsOf } from "./fields.server";
import type { Registered } from "./registry.server";
import { changeRow, type Outcome } from "./save.server";

/**
 * Undoes, newest first, everything that was done to a row after the deed `version`. Fields that cannot be changed by
 * hand stay, and so do the many.
 */
export async function restoreVersion(
  entry: Registered,
  id: number,
  version: number,
  by: CurrentUser,
): Promise<Outcome> {
  const row = await entry.model.findByPk(id);
  const deeds = await Activity.of(entry.key, id, { limit: 10_000 });
  const at = deeds.findIndex((deed) => deed.id === version);
  if (!row || at < 0) return { gone: true };
  const fields = editable(entry);
  const inputs = inputsOf(fields, row);
  for (const { changes } of deeds.slice(0, at)) {
    for (const { field: label, before } of changes) {
      const field = fields.find((field) => field.label === label);
      if (field) inputs[field.name] = before ?? "";
    }
  }
  const values: Record<string, unknown> = {};
  for (const { name, attribute, label, rule } of fields) {
    const result = rule.safeParse(inputs[name] || undefined);
    if (!result.success) {
      const [issue] = result.error.issues;
      return { refusal: { name: "form", message: `${label} cannot be as it was: ${issue?.message}` } };
    }
    values[attribute] = result.data;
  }
  return changeRow(entry, id, { values, many: {} }, by, { deed: "restore" });
}
