/**
 * Finding items: every word somewhere in name or SKU, whatever its case, an exact SKU first. The answers are those of
 * a plain scan for substrings. See docs/decisions/0021-search-by-trigrams.md.
 */
import { isSqlite } from "./database.server";
import { fold } from "./fold";
import { ItemCount } from "./item-count.server";
import { select } from "./sql.server";

/** What a list of items is sorted by. */
export type ItemSort = "name" | "sku" | "location" | "quantity";

export interface ItemQuery {
  /** What was typed; its words are searched for. */
  q: string;
  /** Only what is low on stock, or out of it. */
  low: boolean;
  /** Only what is there; the empty text for anywhere. */
  location: string;
  sort: ItemSort;
  descending: boolean;
}

/** An item as lists get it. */
export interface ItemRow {
  id: number;
  name: string;
  sku: string;
  location: string;
  quantity: number;
  lowStock: number;
  /** In hundredths. */
  price: number | null;
}

/** What was found; nothing of it is read yet but how many there are. */
export interface Found {
  total: number;
  /** `limit` items from `offset` on, in the order asked for. */
  list(slice: { offset: number; limit: number }): Promise<ItemRow[]>;
}

/** Characters of a query that count. */
const LONGEST_QUERY = 200;
/** What has fewer hits is read by them, and sorted; what has more in the order of an index, hit or not. */
const FEW = 50_000;
/** Rows of a file that are in memory at once. */
const BLOCK = 2_000;

/** The columns of each order. Their index has all that a search looks at; `search` and `sku_key` are unique. */
const ORDERS: Record<ItemSort, string[]> = {
  name: ["search"],
  sku: ["sku_key"],
  location: ["location", "search"],
  quantity: ["quantity", "search"],
};
const ROW = `i.id, i.name, i.sku, i.location, i.quantity, i.low_stock AS "lowStock", i.price`;

/** What an item is searched in. A word holds no line end, so it is never found across name and SKU. */
export const searchTextOf = ({ name, sku }: { name: string; sku: string }) => `${fold(name)}\n${fold(sku)}`;

/** The words of what was typed, as they are searched for. */
export const itemWordsOf = (q: string) => [
  ...new Set(
    fold([...q].slice(0, LONGEST_QUERY).join("").replaceAll("\u0000", " "))
      .split(/\s+/)
      .filter(Boolean),
  ),
];

export async function searchItems(query: ItemQuery): Promise<Found> {
  const words = itemWordsOf(query.q);
  const plan = await planOf(words, query);
  const first = await exactly(query, words);
  const rest = (offset: number, limit: number) =>
    select<ItemRow>(
      // What comes before the page is passed over in the index alone.
      `SELECT ${ROW} FROM (
         SELECT i.id FROM ${plan.from} WHERE ${all(plan.where, first && "i.id <> :first")}
         ORDER BY ${orderOf(query)} LIMIT :limit OFFSET :offset
       ) AS page JOIN items i ON i.id = page.id ORDER BY ${orderOf(query)}`,
      { ...plan.values, first: first?.id, limit, offset },
    );
  return {
    total: plan.total,
    async list({ offset, limit }) {
      if (!first) return rest(offset, limit);
      return offset > 0 ? rest(offset - 1, limit) : [first, ...(await rest(0, limit - 1))];
    },
  };
}

/**
 * All that is found, in the order asked for, block by block. Each begins after the last row of the one before: all of
 * them read the index of the order once.
 */
export async function* everyItem(query: ItemQuery): AsyncGenerator<ItemRow[]> {
  const words = itemWordsOf(query.q);
  const first = await exactly(query, words);
  if (first) yield [first];
  const { where, values } = conditions(words, query);
  const columns = ORDERS[query.sort];
  const names = columns.map((name) => `:last_${name}`).join(", ");
  const beyond = `(${columns.map((name) => `i.${name}`).join(", ")}) ${query.descending ? "<" : ">"} (${names})`;
  const keys = columns.map((name) => `i.${name} AS "last_${name}"`).join(", ");
  for (let last: Record<string, unknown> | null = null; ; ) {
    const rows: (ItemRow & Record<string, unknown>)[] = await select(
      `SELECT ${ROW}, ${keys} FROM ${inOrder(query)} WHERE ${all(where, first && "i.id <> :first", last && beyond)}
       ORDER BY ${orderOf(query)} LIMIT ${BLOCK}`,
      { ...values, first: first?.id, ...last },
    );
    if (rows.length > 0) yield rows;
    if (rows.length < BLOCK) return;
    last = rows.at(-1)!;
  }
}

/** Where items are kept, in the order of the alphabet; null where that is more than `most` places. */
export async function itemLocations(most: number): Promise<string[] | null> {
  // The next one is a seek in the index; DISTINCT would read all of it.
  const rows = await select<{ name: string }>(
    `SELECT name FROM (
       WITH RECURSIVE places (name) AS (
         SELECT MIN(location) FROM items WHERE location > ''
         UNION ALL SELECT (SELECT MIN(location) FROM items WHERE location > places.name)
         FROM places WHERE places.name IS NOT NULL
       ) SELECT name FROM places LIMIT :limit
     ) AS places WHERE name IS NOT NULL ORDER BY name`,
    { limit: most + 1 },
  );
  return rows.length > most ? null : rows.map(({ name }) => name);
}

interface Plan {
  from: string;
  where: string;
  values: Record<string, unknown>;
  total: number;
}

const LOW = "i.quantity <= i.low_stock";

/** How to find it: by what the trigrams find, or by going through an index. Both find the same. */
async function planOf(words: string[], query: ItemQuery): Promise<Plan> {
  const through = { from: inOrder(query), ...conditions(words, query) };
  const long = words.filter((word) => [...word].length >= 3);
  if (!isSqlite() || long.length === 0) return counted(through);
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(" ");
  const hits = await ItemCount.where("items_trigrams", "items_trigrams MATCH :match", { match });
  const rest = conditions(
    words.filter((word) => !long.includes(word)),
    query,
  );
  if (hits > FEW) return rest.where === ALL ? { ...through, total: hits } : counted(through);
  const byTrigrams = {
    // CROSS JOIN keeps this order.
    from: "items_trigrams t CROSS JOIN items i ON i.id = t.rowid",
    where: all("items_trigrams MATCH :match", rest.where),
    values: { ...rest.values, match },
  };
  return rest.where === ALL ? { ...byTrigrams, total: hits } : counted(byTrigrams);
}

const counted = async (plan: Omit<Plan, "total">): Promise<Plan> => ({ ...plan, total: await totalOf(plan) });

async function totalOf({ from, where, values }: Omit<Plan, "total">): Promise<number> {
  if (where !== ALL && where !== LOW) return ItemCount.where(from, where, values);
  const { items, low } = await ItemCount.now();
  return where === LOW ? low : items;
}

const ALL = "1 = 1";
const all = (...conditions: (string | false | null)[]) =>
  conditions.filter((condition) => condition && condition !== ALL).join(" AND ") || ALL;

function conditions(words: string[], { low, location }: Pick<ItemQuery, "low" | "location">) {
  const holds = (_word: string, index: number) =>
    isSqlite() ? `INSTR(i.search, :word${index}) > 0` : `i.search LIKE :word${index} ESCAPE '\\'`;
  const pattern = (word: string) => (isSqlite() ? word : `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
  return {
    where: all(...words.map(holds), low && LOW, location !== "" && "i.location = :location"),
    values: {
      location,
      ...Object.fromEntries(words.map((word, index) => [`word${index}`, pattern(word)])),
    },
  };
}

/**
 * The table, to be gone through in the order asked for. Left to itself SQLite takes the narrower index of the SKUs alone,
 * and then looks up every row.
 */
const inOrder = ({ sort, low, location }: ItemQuery) =>
  isSqlite() && !low && location === "" ? `items i INDEXED BY items_by_${sort}` : "items i";

const orderOf = ({ sort, descending }: ItemQuery) =>
  ORDERS[sort].map((column) => `i.${column} ${descending ? "DESC" : "ASC"}`).join(", ");

/** The item whose SKU was typed, as far as the filters let it through. */
async function exactly(query: ItemQuery, words: string[]): Promise<ItemRow | null> {
  if (words.length === 0) return null;
  const { where, values } = conditions([], query);
  const [row] = await select<ItemRow>(`SELECT ${ROW} FROM items i WHERE ${all("i.sku_key = :sku", where)}`, {
    ...values,
    sku: fold(query.q.replaceAll("\u0000", " ").trim()),
  });
  return row ?? null;
}
