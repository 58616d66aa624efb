/** The list as CSV (RFC 4180), block by block: it never sits in memory whole. */
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

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); numbers stay.
 */
function csvCell(text: string) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: string[]) => `${cells.map(csvCell).join(",")}\r\n`;

export async function* csvOf(entry: Registered, { columns, where, order }: ListQuery) {
  const encoder = new TextEncoder();
  // The byte order mark tells spreadsheets that it is UTF-8.
  yield encoder.encode(`\uFEFF${line(["ID", ...columns.map(({ label }) => label)])}`);
  for await (const rows of blocksOf(entry, where, order as Order)) {
    const cells = await cellsOf(columns, rows);
    yield encoder.encode(rows.map((row, at) => line([String(row.get("id")), ...cells[at]!])).join(""));
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

/** Whether an index begins with this attribute, behind what tells the trash apart. */
function isIndexed(model: ModelStatic<Model>, attribute: string) {
  const { field, primaryKey } = (model.getAttributes() as Record<string, ModelAttributeColumnOptions>)[
    attribute
  ]!;
  return (
    primaryKey ||
    model.options.indexes?.some(({ fields }) => fields?.find((name) => name !== "deleted_at") === field)
  );
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
