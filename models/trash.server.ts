/** The trash of models that are `paranoid`: what is deleted can be put back for some time, then goes for good. */
import {
  type Attributes,
  type Model,
  type ModelStatic,
  Op,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import { retryingTransaction, type Slice, sequelize, transaction } from "./database.server";
import { daysAgo } from "./time";

/** Days that what is deleted can be put back. */
export const TRASH_DAYS = 30;
/** Who deletes for good what is past its days. */
const TRASH: Actor = { id: null, username: "The trash" };

/**
 * Makes an index one of what is not in the trash. Let its fields end with `deleted_at`: Postgres finds no order in an index
 * that begins with it, and without it SQLite would look up each row that it counts.
 */
export const PRESENT = { where: { deleted_at: null } as never };

/** The index of what is in the trash, last deleted first. */
export const trashIndex = (table: string) => ({
  name: `${table}_trash`,
  fields: ["deleted_at", "id"],
  where: { deleted_at: { [Op.ne]: null } } as never,
});

/** A row that has a trash. */
interface Trashable extends Model {
  id: number;
  title: string;
  deletedAt: Date | null;
}

type Where = WhereOptions;
type Kind<M extends Trashable> = ModelStatic<M>;

/** What is in the trash as pages get it. */
interface TrashedRow {
  id: number;
  title: string;
  deletedAt: Date;
}

/**
 * Moves rows to the trash, with one time stamp for all, so that they can come back together; what is past its days
 * goes for good.
 */
export async function trash<M extends Trashable>(
  model: Kind<M>,
  where: Where,
  by: Actor | null,
  transaction: Transaction,
) {
  const at = new Date();
  const found = await Activity.noteAll("delete", model, { where: where as never }, by, transaction);
  const [count] = await model.update({ deletedAt: at } as never, { where: found, transaction });
  await erase(model, pastItsDays(), TRASH, transaction);
  return { count, at };
}

/** Takes rows out of the trash. @returns how many came back. */
export async function restore<M extends Trashable>(
  model: Kind<M>,
  where: Where,
  by: Actor | null,
  transaction: Transaction,
) {
  const options = { where: inTrash<M>(where), paranoid: false };
  const found = await Activity.noteAll("restore", model, options, by, transaction);
  const [count] = await model.update({ deletedAt: null } as never, {
    where: found,
    paranoid: false,
    transaction,
  });
  return count;
}

/** Deletes for good what is in the trash. @returns how many went. */
export async function erase<M extends Trashable>(
  model: Kind<M>,
  where: Where,
  by: Actor | null,
  transaction: Transaction,
) {
  const options = { where: inTrash<M>(where), paranoid: false };
  const found = await Activity.noteAll("erase", model, options, by, transaction);
  return model.destroy({ where: found, force: true, transaction });
}

/** Deletes for good what is past its days in every trash. @returns how many went. */
export async function sweepTrash(): Promise<number> {
  let count = 0;
  for (const model of Object.values(sequelize.models)) {
    if (!model.options.paranoid) continue;
    count += await transaction((transaction) =>
      erase(model as Kind<Trashable>, pastItsDays(), TRASH, transaction),
    );
  }
  return count;
}

/**
 * Each of these takes a `scope`: a condition that leaves only rows which this person may touch.
 *
 * @returns the title of what went to the trash, or null when there is no such row.
 */
export function trashOne<M extends Trashable>(
  model: Kind<M>,
  id: number,
  by: Actor | null,
  scope: Where = {},
) {
  return retryingTransaction(async (transaction): Promise<string | null> => {
    const where = { [Op.and]: [scope, { id }] } as WhereOptions<Attributes<M>>;
    const row = await model.findOne({ where, transaction });
    if (!row || (await trash(model, { id }, by, transaction)).count === 0) return null;
    return row.title;
  });
}

/** Does one of these to one row. @returns its title, or null when it is not in the trash. */
const toOne =
  (verb: typeof restore | typeof erase) =>
  <M extends Trashable>(model: Kind<M>, id: number, by: Actor | null, scope: Where = {}) =>
    retryingTransaction(async (transaction): Promise<string | null> => {
      const row = await findTrashed(model, id, scope, transaction);
      if (!row || (await verb(model, { id }, by, transaction)) === 0) return null;
      return row.title;
    });

/** Its state and its place in the list are as before. */
export const restoreOne = toOne(restore);

/** For good. */
export const eraseOne = toOne(erase);

/** What can still be restored, last deleted first, with more of its columns where they are named. */
export async function trashed<M extends Trashable, Name extends keyof Attributes<M> & string>(
  model: Kind<M>,
  { offset, limit }: Slice,
  more: Name[] = [],
  scope: Where = {},
) {
  const rows = await model.findAll({
    attributes: ["id", "title", "deletedAt", ...more],
    where: stillThere<M>(scope),
    order: [
      ["deleted_at", "DESC"],
      ["id", "DESC"],
    ],
    offset,
    limit,
    paranoid: false,
    raw: true,
  });
  return rows.map(
    (row) => ({ ...row, deletedAt: new Date(row.deletedAt!) }) as TrashedRow & Pick<M, Name & keyof M>,
  );
}

/** How many can still be restored. */
export function trashedCount<M extends Trashable>(model: Kind<M>, scope: Where = {}): Promise<number> {
  return model.count({ where: stillThere<M>(scope), paranoid: false });
}

const horizon = () => daysAgo(TRASH_DAYS);
const pastItsDays = () => ({ deletedAt: { [Op.lt]: horizon() } });
const stillThere = <M extends Trashable>(...where: Where[]) =>
  ({ [Op.and]: [...where, { deletedAt: { [Op.gt]: horizon() } }] }) as WhereOptions<Attributes<M>>;
const inTrash = <M extends Trashable>(where: Where) =>
  ({ [Op.and]: [where, { deletedAt: { [Op.ne]: null } }] }) as WhereOptions<Attributes<M>>;

const findTrashed = <M extends Trashable>(
  model: Kind<M>,
  id: number,
  scope: Where,
  transaction: Transaction,
) => model.findOne({ where: stillThere<M>(scope, { id }), paranoid: false, transaction });
