/** The list as a file: every row that it shows, on all its pages. */
import {
  type Model,
  type ModelAttributeColumnOptions,
  type ModelStatic,
  Op,
  type WhereOptions,
} from "sequelize";
import { cellsOf, type ListQuery } from "./query.server";
import type { Registered } from "./registry.server";

/** Rows of the first block. Where an index serves the order all are as long. */
const BLOCK = 2_000;
/** Where none does every block costs a sort of all: there each is twice as long as the one before, up to this. */
const LARGEST = 8_000;

export const headingsOf = ({ columns }: ListQuery) => ["ID", ...columns.map(({ label }) => label)];

/** The rows as text, block by block. */
export async function* linesOf(entry: Registered, { columns, where, order }: ListQuery) {
  for await (const rows of blocksOf(entry, where, order as Order)) {
    const cells = await cellsOf(columns, rows);
    yield rows.map((row, at) => [String(row.get("id")), ...cells[at]!]);
  }
}

type Order = [attribute: string, direction: string][];

/** The rows in their order, block by block. Each block begins after the last row of the one before, not at a number. */
async function* blocksOf(
  { model }: Registered,
  where: WhereOptions,
  order: Order,
): AsyncGenerator<Model[], undefined> {
  // Nothing is neither more nor less than something; there the rows are numbered.
  const seeks = order.every(([, direction]) => !direction.endsWith("NULLS LAST"));
  const longest = seeks && isIndexed(model, order[0]![0]) ? BLOCK : LARGEST;
  let last: Model | undefined;
  for (let offset = 0, limit = BLOCK; ; offset += limit, limit = Math.min(limit * 2, longest)) {
    const rest = seeks && last ? { [Op.and]: [where, after(last, order)] } : where;
    const rows = await model.findAll({ where: rest, order, limit, offset: seeks ? 0 : offset });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
  }
}

/** Whether an index begins with this attribute. */
function isIndexed(model: ModelStatic<Model>, attribute: string) {
  const { field, primaryKey } = (model.getAttributes() as Record<string, ModelAttributeColumnOptions>)[
    attribute
  ]!;
  return primaryKey || model.options.indexes?.some(({ fields }) => fields?.[0] === field);
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
