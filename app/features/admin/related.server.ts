/** What goes along when rows are deleted, by the foreign keys that lead to them. */
import type { Model, ModelAttributeColumnOptions, ModelStatic } from "sequelize";
import { sequelize } from "#models/database.server";
import { nameOf } from "./fields.server";
import { entries, type Registered } from "./registry.server";

const MOST_NAMED = 100;

export interface Related {
  /** What they are called, by their number: "session", "sessions". */
  called: string;
  count: number;
  names: string[];
}

export interface Consequences {
  /** The rows go to a trash, and nothing else with them. */
  toTrash: boolean;
  deleted: Related[];
  /** They stay, and lose what they referred to. */
  unlinked: Related[];
  /** They keep the rows from being deleted. */
  protecting: Related[];
}

/** Foreign keys that lead to a table. */
const keysTo = (table: string) =>
  Object.values(sequelize.models).flatMap((model) =>
    (Object.entries(model.getAttributes()) as [string, ModelAttributeColumnOptions][])
      .filter(([, { references }]) => (references as { model?: unknown } | undefined)?.model === table)
      .map(([attribute, { onDelete = "NO ACTION" }]) => ({ model, attribute, onDelete })),
  );

function called(model: ModelStatic<Model>, count: number) {
  const entry = entries().find((entry) => entry.model === model);
  const name = count === 1 ? (entry?.singular ?? model.name) : (entry?.plural ?? model.tableName);
  return name.replaceAll("_", " ");
}

/** What would happen to other rows if these were deleted. */
export async function consequences(entry: Registered, ids: number[]): Promise<Consequences> {
  const found: Consequences = {
    toTrash: Boolean(entry.model.options.paranoid),
    deleted: [],
    unlinked: [],
    protecting: [],
  };
  if (!found.toTrash) await follow(entry.model, ids, found, new Set());
  return found;
}

async function follow(model: ModelStatic<Model>, ids: unknown[], found: Consequences, seen: Set<string>) {
  for (const { model: child, attribute, onDelete } of keysTo(model.tableName)) {
    const key = `${child.name}.${attribute}`;
    const where = { [attribute]: ids };
    const count = await child.unscoped().count({ where, paranoid: false });
    if (count === 0 || seen.has(key)) continue;
    seen.add(key);
    const hasId = child.primaryKeyAttribute === "id";
    const named = hasId
      ? await child.findAll({ where, limit: MOST_NAMED, order: ["id"], paranoid: false })
      : [];
    const related = { called: called(child, count), count, names: named.map((row) => safeName(row)) };
    if (onDelete === "CASCADE") {
      found.deleted.push(related);
      if (hasId) {
        const rows = await child.findAll({ attributes: ["id"], where, raw: true, paranoid: false });
        await follow(
          child,
          rows.map((row) => (row as unknown as { id: number }).id),
          found,
          seen,
        );
      }
    } else if (onDelete === "SET NULL") found.unlinked.push(related);
    else found.protecting.push(related);
  }
}

/** Of a model without an entry no text is shown: it may be a secret. */
const safeName = (row: Model) =>
  entries().some(({ model }) => model === row.constructor) ? nameOf(row) : `#${row.get("id")}`;
