import { describe, expect, it } from "vitest";
import { sequelize, transaction } from "#models/database.server";
import { Item } from "#models/item.server";
import { ItemCount } from "#models/item-count.server";
import { StockMove } from "#models/stock-move.server";
import { statementsOf } from "../helpers/statements";

const onPostgres = sequelize.getDialect() === "postgres" ? describe : () => {};

const item = (n: number, values: Partial<{ name: string; quantity: number }> = {}) => ({
  name: `Item ${n}`,
  sku: `K-${n}`,
  quantity: 1,
  lowStock: 0,
  ...values,
});
const some = (count: number) => Item.bulkCreate(Array.from({ length: count }, (_, n) => item(n)));

/** What counting every row tells. */
async function counted() {
  const rows = await Item.findAll();
  return { items: rows.length, low: rows.filter((row) => row.quantity <= row.lowStock).length };
}
/** The first of them that there are. */
const first = () => Item.findOne({ order: ["id"], rejectOnEmpty: true });
const bolts = () => ItemCount.where("items i", "i.search LIKE '%bolt%'", {});

describe("the number of items, and of those that are low", () => {
  it("is what counting tells, after every kind of change", async () => {
    expect(await ItemCount.now()).toEqual({ items: 0, low: 0 });
    const changes: (() => Promise<unknown>)[] = [
      () => some(5),
      () => Item.add({ ...item(10), location: "", price: null, quantity: 0 }, null),
      async () => StockMove.book((await first()).id, { reason: "issue", amount: 1, reference: "" }, null),
      async () => StockMove.book((await first()).id, { reason: "count", amount: 7, reference: "" }, null),
      async () => (await Item.findOne({ where: { quantity: 1 } }))!.update({ lowStock: 3, name: "Bolt" }),
      () => Item.update({ lowStock: 1 }, { where: {} }),
      () => sequelize.query("UPDATE items SET quantity = 2 WHERE name = 'Item 4'"),
      async () => (await first()).destroy(),
      () => Item.destroy({ where: { quantity: 1 } }),
      () => sequelize.query("DELETE FROM items"),
      () => some(2),
    ];
    for (const [n, change] of changes.entries()) {
      await change();
      expect(await ItemCount.now(), `after change ${n}`).toEqual(await counted());
    }
  });
  it("is as before where the transaction that changed it is rolled back", async () => {
    await some(3);
    const failed = transaction(async (transaction) => {
      await Item.create(item(9, { quantity: 0 }), { transaction });
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await ItemCount.now()).toEqual({ items: 3, low: 0 });
  });
  it("is right after many have changed stock at once, each across the mark", async () => {
    const items = await Item.bulkCreate(Array.from({ length: 20 }, (_, n) => item(n, { quantity: 10 })));
    await Promise.all(
      items.flatMap(({ id }) =>
        Array.from({ length: 10 }, () =>
          StockMove.book(id, { reason: "issue", amount: 1, reference: "" }, null),
        ),
      ),
    );
    expect(await ItemCount.now()).toEqual({ items: 20, low: 20 });
  });
  it("is kept in few rows, however many changes there are", async () => {
    const [one] = await some(1);
    for (let n = 0; n < 450; n += 1) await one!.update({ name: `Other ${n}` });
    expect(await ItemCount.count()).toBeLessThanOrEqual(101);
    expect(await ItemCount.now()).toEqual({ items: 1, low: 0 });
  });
});

describe("a number that was counted", () => {
  it("is not counted again as long as nothing has changed that it could see", async () => {
    const [one] = await some(2);
    await one!.update({ name: "Bolt" });
    expect(await bolts()).toBe(1);
    await one!.update({ price: 100, quantity: 5 });
    const asked = await statementsOf(async () => expect(await bolts()).toBe(1));
    expect(asked.filter((sql) => sql.includes("bolt"))).toEqual([]);
  });
  it("is counted again after every change that it could see", async () => {
    const [one, two] = await some(2);
    expect(await bolts()).toBe(0);
    await one!.update({ name: "Bolt" });
    expect(await bolts()).toBe(1);
    await Item.add({ ...item(10, { name: "Bolt" }), location: "", price: null, quantity: 0 }, null);
    expect(await bolts()).toBe(2);
    await two!.update({ sku: "bolt" });
    expect(await bolts()).toBe(3);
    await one!.destroy();
    expect(await bolts()).toBe(2);
    const inRack = () => ItemCount.where("items i", "i.location = :location", { location: "Rack" });
    expect(await inRack()).toBe(0);
    await two!.update({ location: "Rack" });
    expect(await inRack()).toBe(1);
    const lowBolts = () =>
      ItemCount.where("items i", "i.search LIKE '%bolt%' AND i.quantity <= i.low_stock", {});
    expect(await lowBolts()).toBe(1);
    await StockMove.book(two!.id, { reason: "issue", amount: 1, reference: "" }, null);
    expect(await lowBolts()).toBe(2);
  });
  it("is told apart by the values that were asked for", async () => {
    await some(2);
    const named = (name: string) => ItemCount.where("items i", "i.name = :name", { name });
    expect([await named("Item 0"), await named("Item 7"), await named("Item 1")]).toEqual([1, 0, 1]);
  });
});

onPostgres("on Postgres", () => {
  it("a change that began before one that was seen is seen once it is committed", async () => {
    const early = await sequelize.transaction();
    await Item.create(item(1, { name: "Bolt" }), { transaction: early });
    await Item.create(item(2, { name: "Bolt" }));
    expect([await bolts(), (await ItemCount.now()).items]).toEqual([1, 1]);
    await early.commit();
    expect([await bolts(), (await ItemCount.now()).items]).toEqual([2, 2]);
  });
  it("writers that count at the same moment do not wait for each other, whatever is put together", async () => {
    const open = await Promise.all(Array.from({ length: 3 }, () => sequelize.transaction()));
    for (let n = 0; n < 300; n += 1) {
      const transaction = open[n % open.length]!;
      await Item.create(item(n, { quantity: n % 2 }), { transaction });
    }
    await Promise.all([open[0]!.commit(), open[1]!.rollback(), open[2]!.commit()]);
    expect(await ItemCount.now()).toEqual(await counted());
    expect((await counted()).items).toBe(200);
  });
  it("a table that is emptied as a whole counts as empty", async () => {
    await some(3);
    await sequelize.query("TRUNCATE items CASCADE");
    expect(await ItemCount.now()).toEqual({ items: 0, low: 0 });
  });
});
