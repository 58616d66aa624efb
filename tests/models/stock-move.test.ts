import { beforeEach, describe, expect, it } from "vitest";
import { Item } from "#models/item.server";
import { MOST, OutOfRange, type Reason, StockMove } from "#models/stock-move.server";
import { User } from "#models/user.server";

let id: number;
beforeEach(async () => {
  id = await Item.add({ name: "Bolt", sku: "B", location: "", lowStock: 0, price: null, quantity: 50 }, null);
});

const book = (reason: Reason, amount: number, reference = "") =>
  StockMove.book(id, { reason, amount, reference }, null);
const quantity = async () => (await Item.find(id))!.quantity;
const ledger = () => StockMove.of(id, { limit: 1_000 });
const sum = async () => (await ledger()).reduce((sum, { delta }) => sum + delta, 0);

describe("stock", () => {
  it("is received, issued and counted, each with its row: who, when, how much, why, and what for", async () => {
    const ada = await User.add({ username: "ada" });
    const by = { id: ada.id, username: "ada" };
    await StockMove.book(id, { reason: "receive", amount: 100, reference: " PO 4711 " }, by);
    await StockMove.book(id, { reason: "issue", amount: 38, reference: "" }, by);
    await StockMove.book(id, { reason: "count", amount: 110, reference: "" }, by);
    expect(await quantity()).toBe(110);
    expect(await ledger()).toMatchObject([
      { by: "ada", reason: "count", reference: "", delta: -2, balance: 110 },
      { by: "ada", reason: "issue", reference: "", delta: -38, balance: 112 },
      { by: "ada", reason: "receive", reference: "PO 4711", delta: 100, balance: 150 },
      { by: "", reason: "count", reference: "Opening stock", delta: 50, balance: 50 },
    ]);
    expect((await ledger())[0]!.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await ada.destroy();
    expect((await ledger())[0]!.by).toBe("ada");
  });
  it("of 100 that take one of 50 at once, exactly 50 get one", async () => {
    const taken = await Promise.allSettled(Array.from({ length: 100 }, () => book("issue", 1)));
    expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
    for (const result of taken)
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(OutOfRange);
    expect(await quantity()).toBe(0);
    expect(await sum()).toBe(0);
    const balances = (await ledger()).map(({ balance }) => balance);
    expect(balances).toEqual(Array.from({ length: 51 }, (_, n) => n));
  });
  it("that many change at once is what the ledger adds up to", async () => {
    const moves = Array.from({ length: 60 }, (_, n) =>
      n % 3 === 0 ? book("count", n) : book(n % 3 === 1 ? "receive" : "issue", n),
    );
    await Promise.allSettled(moves);
    expect(await sum()).toBe(await quantity());
    const rows = (await ledger()).toReversed();
    rows.reduce((before, { delta, balance }) => {
      expect(balance).toBe(before + delta);
      return balance;
    }, 0);
  });
  it("never falls below nothing, and what is refused leaves no row", async () => {
    await expect(book("issue", 51)).rejects.toThrow("Only 50 in stock");
    await expect(book("receive", MOST)).rejects.toThrow("there would be more than 1,000,000,000");
    expect(await quantity()).toBe(50);
    expect(await ledger()).toHaveLength(1);
  });
  it("that was counted and is right is a row as well", async () => {
    expect(await book("count", 50)).toEqual({ delta: 0, balance: 50 });
    expect(await ledger()).toHaveLength(2);
  });
  it.each([-1, 1.5, MOST + 1])("does not move by %s", async (amount) => {
    await expect(book("receive", amount)).rejects.toThrow("Quantity must be");
    expect(await ledger()).toHaveLength(1);
  });
  it("of an item that is not there does not move", async () => {
    expect(await StockMove.book(id + 1, { reason: "receive", amount: 1, reference: "" }, null)).toBeNull();
  });
});

describe("the ledger", () => {
  it("is read in parts, the newest first", async () => {
    for (const amount of [1, 2, 3]) await book("receive", amount);
    const newest = await StockMove.of(id, { limit: 2 });
    expect(newest.map(({ delta }) => delta)).toEqual([3, 2]);
    const older = await StockMove.of(id, { before: newest.at(-1)!.id, limit: 2 });
    expect(older.map(({ delta }) => delta)).toEqual([1, 50]);
  });
  it("is only ever added to, and goes with its item", async () => {
    const move = await StockMove.findOne({ rejectOnEmpty: true });
    await expect(move.update({ delta: 1 })).rejects.toThrow("only ever added to");
    await expect(move.destroy()).rejects.toThrow("only ever added to");
    await expect(StockMove.update({ delta: 1 }, { where: {} })).rejects.toThrow("only ever added to");
    await expect(StockMove.destroy({ where: {} })).rejects.toThrow("only ever added to");
    await Item.destroy({ where: {} });
    expect(await StockMove.count()).toBe(0);
  });
});
