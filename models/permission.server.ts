/**
 * Permissions: what `django.contrib.auth.Permission` stands for. Each model has four, named like `change_todo`; they
 * follow from the models that there are, so no table lists them.
 */
import type { Model, ModelStatic, Transaction } from "sequelize";
import { inTransaction, sequelize } from "./database.server";

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

/** A table in which the permissions of people or of groups are written down. */
type Table = ModelStatic<Model<{ permission: string }>>;

/** What is written down for an owner, such as `{ userId: 1 }`, in the order of the alphabet. */
export async function permissionsIn(
  table: Table,
  owner: Record<string, number | number[]>,
  transaction?: Transaction,
): Promise<string[]> {
  const rows = await table.findAll({ where: owner, order: ["permission"], transaction });
  return rows.map((row) => row.get("permission") as string);
}

/**
 * Writes down exactly these for an owner.
 *
 * @throws Error that names what is no permission.
 */
export async function setPermissionsIn(
  table: Table,
  owner: Record<string, number>,
  names: string[],
  given?: Transaction,
) {
  const known = new Set(allPermissions());
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`There is no permission ${unknown.join(", ")}.`);
  await inTransaction(given, async (transaction) => {
    await table.destroy({ where: owner, transaction });
    const rows = [...new Set(names)].map((permission) => ({ ...owner, permission }));
    await table.bulkCreate(rows, { transaction });
  });
}
