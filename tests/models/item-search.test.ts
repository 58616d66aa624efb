import { beforeEach, describe, expect, it } from "vitest";
import { sequelize } from "#models/database.server";
import { fold } from "#models/fold";
import { Item } from "#models/item.server";
import {
  everyItem,
  type ItemQuery,
  itemLocations,
  itemWordsOf,
  searchItems,
} from "#models/item-search.server";

const SORTS = ["name", "sku", "location", "quantity"] as const;

type Values = { name: string; sku: string; location?: string; quantity?: number; lowStock?: number };

const asked = (query: Partial<ItemQuery> = {}): ItemQuery => ({
  q: "",
  low: false,
  location: "",
  sort: "name",
  descending: false,
  ...query,
});
const everything = { offset: 0, limit: 1_000 };
const find = async (query: Partial<ItemQuery>) => {
  const found = await searchItems(asked(query));
  const names = (await found.list(everything)).map(({ name }) => name);
  expect(found.total, "the total").toBe(names.length);
  return names;
};
const add = (...rows: Values[]) => Item.bulkCreate(rows);
const named = (...names: string[]) => add(...names.map((name, n) => ({ name, sku: `S${n}` })));

/** The same numbers at every run (mulberry32). */
function numbers(seed: number) {
  return (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("a search", () => {
  it("finds parts of names and SKUs, whatever their case", async () => {
    await add({ name: "Bolt M8", sku: "BLT-000123" }, { name: "Nut", sku: "NUT-1" });
    expect(await find({ q: "oLT" })).toEqual(["Bolt M8"]);
    expect(await find({ q: "t-000" })).toEqual(["Bolt M8"]);
    expect(await find({ q: "nothing" })).toEqual([]);
  });
  it("takes every word, in any order, in name or SKU", async () => {
    await add({ name: "Bolt, zinc", sku: "A-1" }, { name: "Bolt, brass", sku: "A-2" });
    expect(await find({ q: "  zinc\t bolt " })).toEqual(["Bolt, zinc"]);
    expect(await find({ q: "bolt a-2" })).toEqual(["Bolt, brass"]);
    expect(await find({ q: "bolt zinc brass" })).toEqual([]);
  });
  it("finds no word that begins in the name and ends in the SKU", async () => {
    await add({ name: "Bolt", sku: "X1" });
    expect(await find({ q: "boltx1" })).toEqual([]);
  });
  it.each([
    "%",
    "_",
    "\\",
    "'",
    '"',
    '""',
    "*",
    "^",
    "(",
    "a OR b",
    "NEAR",
    "$1",
    ":word0",
    "?",
    "-",
    "%_%",
    "^a*",
  ])("takes %s as the characters that they are", async (q) => {
    await named("plain", `x${q}y`);
    expect(await find({ q })).toEqual([`x${q}y`]);
  });
  it("knows the case of all of Unicode", async () => {
    await named("Zürich", "STRASSE", "ΟΔΟΣ", "жёлтый");
    expect(await find({ q: "ZÜR" })).toEqual(["Zürich"]);
    expect(await find({ q: "straße" })).toEqual(["STRASSE"]);
    expect(await find({ q: "οδος" })).toEqual(["ΟΔΟΣ"]);
    expect(await find({ q: "ЖЁЛТЫЙ" })).toEqual(["жёлтый"]);
    expect(await find({ q: "zurich" })).toEqual([]);
  });
  it("finds everything by blanks, NULs and nothing", async () => {
    await named("a", "b");
    for (const q of ["", " \t\n", "\u0000", "\u00a0"]) expect(await find({ q })).toEqual(["a", "b"]);
  });
  it("shows an exact SKU first, on whatever page and in whatever order, and once", async () => {
    await add(
      { name: "a", sku: "x-1-1" },
      { name: "b", sku: "x-1-2" },
      { name: "z", sku: "X-1" },
      { name: "c", sku: "x-1-3" },
    );
    expect(await find({ q: " x-1 " })).toEqual(["z", "a", "b", "c"]);
    expect(await find({ q: "x-1", descending: true })).toEqual(["z", "c", "b", "a"]);
    const found = await searchItems(asked({ q: "x-1" }));
    const pages = await Promise.all([0, 2, 4].map((offset) => found.list({ offset, limit: 2 })));
    expect(pages.map((page) => page.map(({ name }) => name))).toEqual([["z", "a"], ["b", "c"], []]);
    expect(await find({ q: "x-1", low: true })).toEqual(["z", "a", "b", "c"]);
    expect(await find({ q: "x-1", location: "elsewhere" })).toEqual([]);
  });
  it("takes words of 200 characters in all", () => {
    expect(itemWordsOf(`${"x".repeat(200)}y z`)).toEqual(["x".repeat(200)]);
    expect(itemWordsOf("a b A")).toEqual(["a", "b"]);
  });
  it("of 100 words at once is an answer", async () => {
    const q = Array.from({ length: 100 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join(" ");
    await named("a", q.replaceAll(" ", ""));
    expect(await find({ q })).toHaveLength(1);
  });
  it("finds what it finds after names and SKUs have changed, and items have gone", async () => {
    const [one, two] = await add({ name: "Bolt", sku: "A" }, { name: "Nut", sku: "B" });
    await one!.update({ name: "Washer" });
    await two!.update({ sku: "Rivet" });
    expect(await find({ q: "bolt" })).toEqual([]);
    expect(await find({ q: "washer" })).toEqual(["Washer"]);
    expect(await find({ q: "rivet" })).toEqual(["Nut"]);
    await two!.destroy();
    expect(await find({ q: "rivet" })).toEqual([]);
    await add({ name: "Nut", sku: "B" });
    expect(await find({ q: "nut" })).toEqual(["Nut"]);
  });
});

describe("whatever is typed", () => {
  const PIECES = [
    "a",
    "A",
    "b",
    "ä",
    "Ä",
    "ß",
    "SS",
    "ẞ",
    "Σ",
    "ς",
    "σ",
    "%",
    "_",
    "\\",
    '"',
    "'",
    "-",
    "1",
    "É",
    "e\u0301",
    "İ",
    "i",
    "ı",
    "ж",
    "Ж",
    "数",
    "🔩",
    " ",
    " ",
    "ﬁ",
    "fi",
    "*",
  ];

  /** What a plain scan finds, in the order of the list. */
  const scan = (items: Values[], q: string) =>
    items
      .filter(({ name, sku }) =>
        fold(q)
          .split(/\s+/)
          .every((word) => fold(name).includes(word) || fold(sku).includes(word)),
      )
      .map(({ name, sku }) => [`${fold(name)}\n${fold(sku)}`, sku] as const)
      .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .map(([, sku]) => sku);

  it("the items found are those that a plain scan finds, in its order, on every page and in the file once", async () => {
    const number = numbers(20_26);
    const piece = () => PIECES[number(PIECES.length)]!;
    const text = (most: number) => Array.from({ length: 1 + number(most) }, piece).join("");
    const items = Array.from({ length: 400 }, (_, n) => ({ name: `${text(9)}.`, sku: `${text(3)}${n}` }));
    await add(...items);
    for (let round = 0; round < 400; round += 1) {
      const { name, sku } = items[number(items.length)]!;
      const part = (text: string) => {
        const characters = [...text];
        const from = number(characters.length);
        return characters.slice(from, from + 1 + number(5)).join("");
      };
      const q = [
        text(3),
        part(name),
        `${part(name)} ${part(sku)}`,
        part(name).toUpperCase(),
        ` ${part(sku)} `,
      ][number(5)]!;
      const found = await searchItems(asked({ q }));
      const skus: string[] = [];
      for (let offset = 0; offset <= found.total; offset += 90)
        skus.push(...(await found.list({ offset, limit: 90 })).map(({ sku }) => sku));
      const exact = items.find(({ sku }) => fold(sku) === fold(q.trim()))?.sku;
      const expected = scan(items, q.trim());
      const inOrder = exact ? [exact, ...expected.filter((sku) => sku !== exact)] : expected;
      expect(skus, JSON.stringify(q)).toEqual(inOrder);
      const inFile: string[] = [];
      for await (const rows of everyItem(asked({ q }))) inFile.push(...rows.map(({ sku }) => sku));
      expect(inFile, JSON.stringify(q)).toEqual(inOrder);
      expect(found.total, JSON.stringify(q)).toBe(expected.length);
    }
  });
});

describe("a list of items", () => {
  beforeEach(() =>
    add(
      ...Array.from({ length: 60 }, (_, n) => ({
        name: ["Same", "same", "Other"][n % 3]!,
        sku: `K-${n}`,
        location: ["", "Rack A", "Rack B"][n % 3 ? n % 2 : 2]!,
        quantity: n % 4,
        lowStock: n % 2,
      })),
    ),
  );
  it.each(SORTS.flatMap((sort) => [false, true].map((descending) => ({ sort, descending }))))(
    "by $sort, descending $descending, is the whole set on all pages together, and in the order of the file",
    async ({ sort, descending }) => {
      for (const q of ["", "k-", "sam"]) {
        const query = asked({ q, sort, descending });
        const found = await searchItems(query);
        const ids: number[] = [];
        const values: (string | number)[] = [];
        for (let offset = 0; offset < found.total; offset += 20)
          for (const row of await found.list({ offset, limit: 20 })) {
            ids.push(row.id);
            values.push(
              sort === "quantity" ? row.quantity : sort === "location" ? row.location : fold(row[sort]),
            );
          }
        expect(new Set(ids).size).toBe(q === "sam" ? 40 : 60);
        expect(found.total).toBe(ids.length);
        const sorted = values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
        expect(values).toEqual(descending ? sorted.toReversed() : sorted);
        const inFile: number[] = [];
        for await (const rows of everyItem(query)) inFile.push(...rows.map(({ id }) => id));
        expect(inFile).toEqual(ids);
      }
    },
  );
  it("shows what is low on stock or out of it, and what is in one place", async () => {
    const low = await Item.findAll({ where: sequelize.literal("quantity <= low_stock") });
    expect(await find({ low: true })).toHaveLength(low.length);
    expect(await find({ location: "Rack A" })).toHaveLength(20);
    expect(await find({ location: "rack a" })).toEqual([]);
    expect((await find({ location: "Rack A", low: true, q: "same k-" })).length).toBe(
      low.filter(({ location, name }) => location === "Rack A" && fold(name) === "same").length,
    );
  });
  it("knows the places that there are, or that they are too many to choose from", async () => {
    expect(await itemLocations(2)).toEqual(["Rack A", "Rack B"]);
    expect(await itemLocations(1)).toBeNull();
    await Item.destroy({ where: {} });
    expect(await itemLocations(1)).toEqual([]);
  });
});
