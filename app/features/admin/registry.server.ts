/** Every model that has screens in the admin, by its URL. */

import type { CurrentUser } from "#models/current-user.server";
import type { Action } from "#models/permission.server";
import { featureServers } from "~/features.server";
import type { AdminEntry } from "~/services/admin.server";

/** An entry with what follows from where it is declared. */
export interface Registered extends AdminEntry {
  feature: string;
  /** The model's name, as in permissions and in the URL. */
  key: string;
  singular: string;
  plural: string;
  /** `/admin/todos/todo` */
  path: string;
}

const spaced = (name: string) => name.replaceAll("_", " ");

/** @throws Error when a model is registered twice. */
export function register(features: { name: string; admin?: AdminEntry[] }[]): Registered[] {
  const entries = features.flatMap(({ name: feature, admin = [] }) =>
    admin.map((entry) => {
      const key = entry.model.name;
      const singular = entry.singular ?? spaced(key);
      const plural = entry.plural ?? `${singular}s`;
      return { ...entry, feature, key, singular, plural, path: `/admin/${feature}/${key}` };
    }),
  );
  const keys = entries.map(({ key }) => key);
  const double = keys.find((key, index) => keys.indexOf(key) !== index);
  if (double) throw new Error(`The admin has two entries for ${double}.`);
  return entries;
}

let registered: Registered[] | undefined;
/** Every entry, in the order of the features. */
export const entries = () => (registered ??= register(featureServers));

/** Whether a person sees anything of a model: who may change or delete may look. */
export const maySee = (user: CurrentUser, { key }: Registered) =>
  (["view", "change", "delete"] as const).some((action) => user.can(action, key));

/** What a person may do with a model. */
export const rights = (user: CurrentUser, entry: Registered) => {
  const may = (action: Action) =>
    user.can(action, entry.key) && !(entry.viewOnly && (action === "add" || action === "change"));
  return { add: may("add"), change: may("change"), delete: may("delete") };
};
