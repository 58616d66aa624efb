/** The list as a file, block by block. */
import { type Model, Op, type WhereOptions } from "sequelize";
import type { ListQuery } from "./query.server";
import type { Registered } from "./registry.server";

/**
 * Rows of the first block; each next one is twice as long, up to LARGEST: where no index serves the order, every
 * block costs a sort of all.
 */
const FIRST = 1_000;
const LARGEST = 8_000;

/** The rows of the list as lines of the file. */
export async function* csvRows(
  entry: Registered,
  { columns, where, order }: ListQuery,
): AsyncGenerator<string[][]> {
  for await (const rows of blocksOf(entry, where, order as Order))
    yield rows.map((row) => [String(row.get("id")), ...columns.map(({ cell }) => cell(row))]);
}

type Order = [attribute: string, direction: string][];

/** The rows in their order, block by block. Each block begins after the last row of the one before, not at a number. */
async function* blocksOf(
  entry: Registered,
  where: WhereOptions,
  order: Order,
): AsyncGenerator<Model[], undefined> {
  // Nothing is neither more nor less than something; there the rows are numbered.
  const seeks = order.every(([, direction]) => !direction.endsWith("NULLS LAST"));
  let last: Model | undefined;
  for (let offset = 0, limit = FIRST; ; offset += limit, limit = Math.min(limit * 2, LARGEST)) {
    const rest = seeks && last ? { [Op.and]: [where, after(last, order)] } : where;
    const rows = await entry.model.findAll({ where: rest, order, limit, offset: seeks ? 0 : offset });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
  }
}

/** Rows that come after `row` in this order. The first bound alone is what an index can seek. */
function after(row: Model, order: Order): WhereOptions {
  const beyond = (direction: string, value: unknown) => ({ [direction === "DESC" ? Op.lt : Op.gt]: value });
  const upTo = (direction: string, value: unknown) => ({ [direction === "DESC" ? Op.lte : Op.gte]: value });
  const [first, direction] = order[0]!;
  const cases = order.map(([name, direction], index) => ({
    ...Object.fromEntries(order.slice(0, index).map(([equal]) => [equal, row.get(equal)])),
    [name]: beyond(direction, row.get(name)),
  }));
  return { [first]: upTo(direction, row.get(first)), [Op.or]: cases };
}
