/** The list of a model as its URL asks for it: search, filters, order, page. */
import { literal, type Model, Op, type OrderItem, QueryTypes, type WhereOptions } from "sequelize";
import type { CurrentUser } from "#models/current-user.server";
import { selectSql, sequelize } from "#models/database.server";
import { containsWords, idsFound, wordsOf } from "#models/search.server";
import { DAY } from "#models/time";
import type { Page } from "~/components/pagination";
import type { Column } from "~/services/admin.server";
import { isId } from "~/services/http.server";
import { paginate } from "~/services/paginate.server";
import { type Choice, type Field, fieldsOf, isFile, labelOf, nameOf } from "./fields.server";
import { fits as fitsReference, namesOf, targetOf, withChoices } from "./references.server";
import type { Registered } from "./registry.server";

const PER_PAGE = 50;
/** Rows are counted up to here: counting a million at each view would take longer than showing them. */
const MOST_COUNTED = 10_000;

interface ListColumn {
  label: string;
  /** The attribute to sort by, and its field; absent where the column is no attribute. */
  attribute?: string;
  field?: Field;
  cell(row: Model): string;
}

interface Filter {
  name: string;
  label: string;
  choices: Choice[];
  chosen: string;
  where: WhereOptions | null;
}

export interface ListQuery {
  q: string;
  columns: ListColumn[];
  filters: Filter[];
  /** Attributes in their order, `-` before those that go down. */
  sort: string[];
  where: WhereOptions;
  /** The condition holds words: no index finds them. */
  isSearch: boolean;
  order: OrderItem[];
  /** What was asked for and is not there. */
  ignored: string[];
}

/** The columns of the list. Of attributes only those that may be shown. */
function columnsOf(entry: Registered): ListColumn[] {
  const fields = new Map(fieldsOf(entry).map((field) => [field.attribute, field]));
  const declared = entry.list ?? [
    { label: labelOf(entry.singular), value: (row: Model) => nameOf(row, entry) },
  ];
  return declared.map((column: string | Column<Model>) => {
    if (typeof column !== "string") return { label: column.label, cell: (row) => toCell(column.value(row)) };
    const field = fields.get(column);
    if (!field) throw new Error(`The admin lists ${entry.key}.${column}, which is no attribute or a secret.`);
    return { label: field.label, attribute: column, field, cell: (row) => toCell(row.get(column), field) };
  });
}

/** A value as the list and the CSV show it. */
function toCell(value: unknown, field?: Field): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean" || field?.type === "BOOLEAN") return value ? "yes" : "no";
  if (field && isFile(field)) return "a file";
  if (value instanceof Date) return value.toISOString().slice(0, 16).replace("T", " ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** What the columns hold of each row, as text; references by the names of what they lead to. */
export async function cellsOf(columns: ListColumn[], rows: Model[]): Promise<string[][]> {
  const names = await Promise.all(
    columns.map(async ({ attribute, field }) =>
      attribute && field?.references
        ? namesOf(
            field,
            rows.map((row) => row.get(attribute)),
          )
        : null,
    ),
  );
  return rows.map((row) =>
    columns.map(({ attribute, cell }, at) => names[at]?.get(String(row.get(attribute!))) ?? cell(row)),
  );
}

/** A value as a page of its own shows it. */
export function toFact(value: unknown, field?: Field): string {
  const isJson = typeof value === "object" && value !== null && !(value instanceof Date);
  return isJson ? JSON.stringify(value, null, 2) : toCell(value, field) || "—";
}

const PERIODS: [value: string, label: string, since: (now: Date) => Date][] = [
  ["today", "Today", (now) => new Date(now.toISOString().slice(0, 10))],
  ["7-days", "Past 7 days", (now) => new Date(now.getTime() - 7 * DAY)],
  ["month", "This month", (now) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()))],
  ["year", "This year", (now) => new Date(Date.UTC(now.getUTCFullYear(), 0))],
];

function choicesOf(field: Field): Choice[] {
  if (field.type === "BOOLEAN") {
    return [
      { value: "yes", label: "Yes" },
      { value: "no", label: "No" },
    ];
  }
  if (field.type.startsWith("DATE")) return PERIODS.map(([value, label]) => ({ value, label }));
  return field.choices ?? [];
}

function conditionOf(field: Field, chosen: string): WhereOptions {
  if (field.type === "BOOLEAN") return { [field.name]: chosen === "yes" };
  const period = PERIODS.find(([value]) => value === chosen);
  if (period && field.type.startsWith("DATE")) {
    const since = period[2](new Date());
    return {
      [field.name]: { [Op.gte]: field.type === "DATE" ? since : since.toISOString().slice(0, 10) },
    };
  }
  const target = field.widget === "lookup" ? targetOf(field) : null;
  if (target) {
    const { model, key } = target;
    const found = selectSql(model, {
      attributes: [key],
      where: fitsReference(target, chosen),
      paranoid: false,
    });
    return { [field.name]: { [Op.in]: literal(`(${found})`) } };
  }
  return { [field.name]: chosen };
}

async function filtersOf(
  entry: Registered,
  params: URLSearchParams,
  ignored: string[],
  by: CurrentUser,
): Promise<Filter[]> {
  const declared = fieldsOf(entry).filter(({ attribute }) => entry.filters?.includes(attribute));
  return (await withChoices(declared, by)).map((field) => {
    const choices = choicesOf(field);
    if (choices.length === 0 && !field.references) {
      throw new Error(`The admin cannot filter ${entry.key} by ${field.attribute}: it has no choices.`);
    }
    const asked = params.get(field.name) ?? "";
    // A reference with too many rows for a list of choices is filtered by what is typed: words, or a key.
    const isKey = field.type === "INTEGER" ? isId(asked) : !asked.includes("\u0000");
    const fits = field.widget === "lookup" ? wordsOf(asked).length > 0 : isKey;
    const known = choices.some(({ value }) => value === asked) || (choices.length === 0 && fits);
    if (asked && !known) ignored.push(`${field.label}: ${asked}`);
    const chosen = known ? asked : "";
    const where = chosen ? conditionOf(field, chosen) : null;
    return { name: field.name, label: field.label, choices, chosen, where };
  });
}

/** Reads the URL. What it asks for and is not declared is passed over, and told in `ignored`. */
export async function listQuery(entry: Registered, url: string, by: CurrentUser): Promise<ListQuery> {
  const { searchParams: params } = new URL(url);
  const ignored: string[] = [];
  const columns = columnsOf(entry);
  const filters = await filtersOf(entry, params, ignored, by);
  const sortable = new Set(columns.map(({ attribute }) => attribute));
  const asked = (params.get("o") ?? "").split(".").filter(Boolean);
  const known = asked.filter((name) => sortable.has(name.replace(/^-/, "")));
  const isFirst = (name: string, at: number) =>
    known.findIndex((other) => other.replace(/^-/, "") === name.replace(/^-/, "")) === at;
  const sort = known.filter(isFirst);
  const strange = asked.filter((name) => !known.includes(name));
  if (strange.length > 0) ignored.push(`sorting by ${strange.join(", ")}`);
  const names = ["q", "o", "page", ...filters.map(({ name }) => name)];
  const unknown = [...new Set(params.keys())].filter((name) => !names.includes(name));
  ignored.push(...unknown.map((name) => `the filter ${name}`));

  const q = (params.get("q") ?? "").slice(0, 200);
  const searched = (entry.search ?? []).map((attribute) => {
    const { field } = entry.model.getAttributes()[attribute] as { field: string };
    return `${entry.model.name}.${field}`;
  });
  const isSearch = searched.length > 0 && wordsOf(q).length > 0;
  const conditions = [
    ...filters.map(({ where }) => where),
    isSearch ? containsWords(searched, q) : null,
  ].filter((condition) => condition !== null);
  const byDefault = sort.length > 0 ? sort : (entry.ordering ?? ["-id"]);
  return {
    q,
    columns,
    filters,
    sort,
    where: { [Op.and]: conditions } as WhereOptions,
    isSearch,
    order: orderOf(entry, byDefault),
    ignored: ignored.map((what) => what.slice(0, 100)),
  };
}

/**
 * Total: the id decides where all else is equal. Databases differ in where nothing sorts; here it comes last, up and
 * down. Where nothing cannot be, that is not said: an index could not always serve it.
 */
function orderOf({ model }: Registered, names: string[]): OrderItem[] {
  const attributes = model.getAttributes() as Record<string, { allowNull?: boolean; primaryKey?: boolean }>;
  const items = names.map((name): [string, string] => {
    const attribute = name.replace(/^-/, "");
    const { allowNull, primaryKey } = attributes[attribute] ?? {};
    const direction = name.startsWith("-") ? "DESC" : "ASC";
    return [attribute, allowNull === false || primaryKey ? direction : `${direction} NULLS LAST`];
  });
  const last = items[0]?.[1].startsWith("ASC") ? "ASC" : "DESC";
  return items.some(([name]) => name === "id") ? items : [...items, ["id", last]];
}

/** How many rows there are, counted up to MOST_COUNTED. */
export async function countUpTo({ model }: Registered, where: WhereOptions) {
  const rows = selectSql(model, { attributes: ["id"], where, limit: MOST_COUNTED + 1 });
  const [row] = await sequelize.query<{ count: number | string }>(
    `SELECT COUNT(*) AS count FROM (${rows}) AS counted`,
    { type: QueryTypes.SELECT },
  );
  return counted(Number(row?.count ?? 0));
}

const counted = (found: number) => ({ total: Math.min(found, MOST_COUNTED), isMore: found > MOST_COUNTED });

/** One page of the list. */
export async function listPage(entry: Registered, query: ListQuery, asked: string | null) {
  const { where, order } = query;
  const ids = query.isSearch ? await idsFound(entry.model, where, MOST_COUNTED) : null;
  const { total, isMore } = ids ? counted(ids.length) : await countUpTo(entry, where);
  let page: Page = paginate(asked, total, PER_PAGE);
  if (isMore && asked && Number(asked) > page.pages && /^\d{1,7}$/.test(asked)) {
    // Past what was counted, but there.
    page = { ...page, number: Number(asked), offset: (Number(asked) - 1) * PER_PAGE };
  }
  // Where a search has found all there is, it does not read every row once more for the order.
  const found = ids && !isMore ? { id: ids } : where;
  // What comes before the page is passed over in an index, where one has the order, and only the page's rows are read.
  const { offset } = page;
  const onPage = selectSql(entry.model, { attributes: ["id"], where: found, order, limit: PER_PAGE, offset });
  const rows =
    total > 0 ? await entry.model.findAll({ where: { id: { [Op.in]: literal(`(${onPage})`) } }, order }) : [];
  return { rows, page, isMore };
}
