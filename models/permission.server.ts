/**
 * Permissions: what `django.contrib.auth.Permission` stands for. Each model has four, named like `change_todo`; they
 * follow from the models that there are, so no table lists them.
 */
import { sequelize } from "./database.server";

const ACTIONS = ["view", "add", "change", "delete"] as const;
export type Action = (typeof ACTIONS)[number];

export const permissionName = (action: Action, model: string) => `${action}_${model}`;

/** Every permission of the models that this process has imported, in the order of the alphabet; joins have none. */
export const allPermissions = (): string[] =>
  Object.values(sequelize.models)
    .filter(({ primaryKeyAttribute }) => primaryKeyAttribute === "id")
    .map(({ name }) => name)
    .sort()
    .flatMap((model) => ACTIONS.map((action) => permissionName(action, model)));

/** @throws Error that names what is no permission. */
export function assertPermissions(names: string[]) {
  const known = new Set(allPermissions());
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`There is no permission ${unknown.join(", ")}.`);
}
