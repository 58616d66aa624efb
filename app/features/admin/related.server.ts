/** What goes along when rows are deleted, by the foreign keys that lead to them. */
import {
  literal,
  type Model,
  type ModelAttributeColumnOptions,
  type ModelStatic,
  Op,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/current-user.server";
import { selectSql, sequelize } from "#models/database.server";
import { nameOf } from "./fields.server";
import { entries, maySee, type Registered } from "./registry.server";
import { fileKeysOf } from "./row-files.server";

const MOST_NAMED = 100;
/** Levels of a tree that are followed: rows may lead to each other in a circle. */
const DEEPEST = 30;

export interface Related {
  /** What they are called, by their number: "session", "sessions". */
  called: string;
  count: number;
  /** Of what the person may see. */
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
  /** What the models are called of which rows go along that are not the person's to delete. */
  forbidden: string[];
}

type Fate = "deleted" | "unlinked" | "protecting";

/** Rows of a model that share a fate, by the keys through which it finds them. */
interface Found {
  model: ModelStatic<Model>;
  fate: Fate;
  conditions: WhereOptions[];
}

/** Foreign keys that lead to the rows of a model. */
const keysTo = ({ tableName }: ModelStatic<Model>) =>
  Object.values(sequelize.models).flatMap((model) =>
    (Object.entries(model.getAttributes()) as [string, ModelAttributeColumnOptions][])
      .filter(([, { references }]) => (references as { model?: unknown } | undefined)?.model === tableName)
      .map(([attribute, { onDelete }]) => ({ model, attribute, fate: fateOf(onDelete) })),
  );

const fateOf = (onDelete?: string): Fate =>
  onDelete === "CASCADE" ? "deleted" : onDelete === "SET NULL" ? "unlinked" : "protecting";

const entryOf = (model: ModelStatic<Model>) => entries().find((entry) => entry.model === model);

function called(model: ModelStatic<Model>, count: number) {
  const entry = entryOf(model);
  const name = count === 1 ? (entry?.singular ?? model.name) : (entry?.plural ?? model.tableName);
  return name.replaceAll("_", " ");
}

/** What would happen to other rows if this person deleted these. */
export async function consequences(
  { model }: Registered,
  ids: number[],
  by: CurrentUser,
  transaction?: Transaction,
): Promise<Consequences> {
  const result: Consequences = {
    toTrash: Boolean(model.options.paranoid),
    deleted: [],
    unlinked: [],
    protecting: [],
    forbidden: [],
  };
  if (result.toTrash) return result;
  for (const { model: child, fate, conditions, others } of await rowsAlong(model, ids, transaction)) {
    const related = await relatedOf(child, but(others, { [Op.or]: conditions }), by, transaction);
    if (related.count === 0) continue;
    result[fate].push(related);
    if (fate === "deleted" && isNotTheirs(child, by)) result.forbidden.push(called(child, 2));
  }
  return result;
}

/** Notes what becomes of other rows when one is deleted: those that go along with it, and those that lose it. */
export async function noteAlong(
  { model }: Registered,
  id: number,
  by: CurrentUser,
  transaction: Transaction,
): Promise<void> {
  if (!mayNoteAlong(model)) return;
  for (const { model: child, fate, conditions, others } of await rowsAlong(model, [id], transaction)) {
    for (const condition of fate === "deleted" ? [{ [Op.or]: conditions }] : conditions) {
      const [attribute = ""] = Object.keys(condition);
      if (!isNoted(child, fate, attribute)) continue;
      const options = { where: but(others, condition), paranoid: false };
      if (fate === "deleted") await Activity.noteAll("delete", child, options, by, transaction);
      else
        await Activity.noteAll("change", child, { ...options, to: { [attribute]: null } }, by, transaction);
    }
  }
}

/** The keys of the files of those rows that go along with one when it is deleted. */
export async function filesAlong(
  { model }: Registered,
  id: number,
  transaction: Transaction,
): Promise<string[]> {
  if (![...mayGoAlong(model)].some((child) => entryOf(child)?.files)) return [];
  const keys: string[] = [];
  for (const { model: child, fate, conditions } of await rowsAlong(model, [id], transaction)) {
    const entry = entryOf(child);
    if (fate !== "deleted" || !entry?.files) continue;
    const where = { [Op.or]: conditions };
    const rows = await child.unscoped().findAll({ where, paranoid: false, transaction });
    keys.push(...rows.flatMap((row) => fileKeysOf(entry, row)));
  }
  return keys;
}

/** Whether the history may have anything to tell of other rows when one of this model is deleted. */
export const mayNoteAlong = (model: ModelStatic<Model>): boolean =>
  !model.options.paranoid &&
  [...leadingTo(model), model]
    .flatMap(keysTo)
    .some(({ model: child, attribute, fate }) => isNoted(child, fate, attribute));

/** Whether the history has what becomes of such rows: all that is kept of them, or this attribute. */
function isNoted(model: ModelStatic<Model>, fate: Fate, attribute: string) {
  const { noted = [] } = model as { noted?: readonly string[] };
  return fate === "deleted" ? noted.length > 0 : fate === "unlinked" && noted.includes(attribute);
}

/** The rows that share a fate when others are deleted, and which of them are better told of otherwise. */
async function rowsAlong(model: ModelStatic<Model>, ids: number[], transaction?: Transaction) {
  const all = new Map<string, Found>();
  await follow(model, { id: ids }, all, transaction);
  return [...all.values()].map((found) => {
    const { model: child, fate } = found;
    const gone = fate === "deleted" ? [] : (all.get(`${child.name} deleted`)?.conditions ?? []);
    const others = [...(child === model ? [{ id: ids }] : []), ...gone];
    return { ...found, others: others.map((one) => not(child, one)) };
  });
}

const but = (others: WhereOptions[], where: WhereOptions) => ({ [Op.and]: [where, ...others] });

/** Gathers what refers to rows, and to what goes along with them. */
async function follow(
  model: ModelStatic<Model>,
  where: WhereOptions,
  all: Map<string, Found>,
  transaction: Transaction | undefined,
  depth = 1,
) {
  for (const { model: child, attribute, fate } of keysTo(model)) {
    const refers = { [attribute]: { [Op.in]: idsOf(model, where) } };
    if ((await child.unscoped().count({ where: refers, paranoid: false, transaction })) === 0) continue;
    const key = `${child.name} ${fate}`;
    const found = all.get(key) ?? { model: child, fate, conditions: [] };
    found.conditions.push(refers);
    all.set(key, found);
    const goesOn = fate === "deleted" && hasId(child) && depth < DEEPEST;
    if (goesOn) await follow(child, refers, all, transaction, depth + 1);
  }
}

async function relatedOf(
  model: ModelStatic<Model>,
  where: WhereOptions,
  by: CurrentUser,
  transaction: Transaction | undefined,
): Promise<Related> {
  const entry = entryOf(model);
  const count = await model.unscoped().count({ where, paranoid: false, transaction });
  const options = { where, limit: MOST_NAMED, order: ["id"], paranoid: false, transaction };
  // Of a model without an entry no text is shown: it may be a secret.
  const named = entry && maySee(by, entry) ? await model.findAll(options) : [];
  return { called: called(model, count), count, names: named.map((row) => nameOf(row)) };
}

const hasId = ({ primaryKeyAttribute }: ModelStatic<Model>) => primaryKeyAttribute === "id";

const idsOf = (model: ModelStatic<Model>, where: WhereOptions) =>
  literal(`(${selectSql(model, { attributes: ["id"], where, paranoid: false })})`);

/** Rows that a condition does not find, also where what it asks for is not known of them. */
const not = (model: ModelStatic<Model>, where: WhereOptions): WhereOptions =>
  hasId(model) ? { id: { [Op.notIn]: idsOf(model, where) } } : {};

/** A model without an entry asks for no permission. */
const isNotTheirs = (model: ModelStatic<Model>, by: CurrentUser) =>
  Boolean(entryOf(model)) && !by.can("delete", model.name);

/** Every model of which rows may go along with one of this: mostly none that matters, and nobody has to look for rows. */
const mayGoAlong = (model: ModelStatic<Model>) =>
  model.options.paranoid ? new Set<ModelStatic<Model>>() : leadingTo(model);

function leadingTo(model: ModelStatic<Model>, seen = new Set<ModelStatic<Model>>()) {
  for (const { model: child, fate } of keysTo(model)) {
    if (fate !== "deleted" || seen.has(child)) continue;
    seen.add(child);
    leadingTo(child, seen);
  }
  return seen;
}

/** Whether rows may go along with one of this model that are not the person's to delete. */
export const mayTakeForbidden = ({ model }: Registered, by: CurrentUser): boolean =>
  [...mayGoAlong(model)].some((child) => isNotTheirs(child, by));

/** Whether rows of the same model may go along with one. */
export const mayTakeItsOwn = ({ model }: Registered): boolean => mayGoAlong(model).has(model);
