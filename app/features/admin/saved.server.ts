import type { Model } from "sequelize";
import { redirectWithFlash } from "~/services/flash.server";
import { nameOf } from "./fields.server";
import { maySee } from "./registry.server";
import { type Screen, searchOf } from "./screen.server";

/**
 * After a save: to the list, to the row's form again, or to an empty form, by the button that was pressed; with the
 * query of the list that one came from.
 */
export function savedRedirect(
  request: Request,
  { entry, user }: Screen,
  row: Model,
  did: string,
  next: "list" | "continue" | "another",
) {
  const to = {
    list: entry.path,
    continue: `${entry.path}/${row.get("id")}/change`,
    another: `${entry.path}/add`,
  }[next];
  const text = `${did} the ${entry.singular} “${nameOf(row, entry)}”.`;
  // Who may only add does not see the list.
  const leads = maySee(user, entry) || next === "another" ? to + searchOf(request) : "/admin";
  return redirectWithFlash(request, leads, { kind: "success", text });
}
