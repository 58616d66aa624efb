import { beforeEach, describe, expect, it } from "vitest";
import { Item } from "#models/item.server";
import { StockMove } from "#models/stock-move.server";
import { loader as list } from "~/features/inventory/list";
import { call, get } from "../../helpers/call";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "../admin/admin";

const FIELDS = { name: "Bolt", sku: "B-1", quantity: "10", location: "", low_stock: "5", price: "" };
let items: ReturnType<typeof adminOf>;
let moves: ReturnType<typeof adminOf>;
beforeEach(async () => {
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  items = adminOf(cookie, "inventory", "item");
  moves = adminOf(cookie, "inventory", "stock_move");
});

const only = async () => (await Item.findOne({ rejectOnEmpty: true }))!;
const ledger = async () => StockMove.of((await only()).id, { limit: 10 });
const errors = ({ data }: { data: { problem: { errors: { name: string; message: string }[] } } }) =>
  data.problem.errors;

describe("items in the admin", () => {
  it("25 that are added there are two pages of the list", async () => {
    for (let n = 1; n <= 25; n += 1)
      expect((await items.add({ ...FIELDS, name: `Item ${n}`, sku: `S-${n}` })).status).toBe(303);
    const { data } = await call(list, get("/inventory?page=2"));
    expect(data.page).toMatchObject({ number: 2, pages: 2, total: 25 });
    expect(data.items).toHaveLength(5);
  });
  it("begin their ledger with the quantity that they are added with, and go on with what it is set to", async () => {
    await items.add(FIELDS);
    const { id } = await only();
    expect((await items.change(id, { ...(await opened(items, id)), quantity: "7" })).status).toBe(303);
    await items.change(id, { ...(await opened(items, id)), location: "Rack A" });
    expect(await ledger()).toMatchObject([
      { delta: -3, balance: 7, reason: "count", reference: "Set in the admin", by: "boss" },
      { delta: 10, balance: 10, reason: "count", reference: "Opening stock", by: "boss" },
    ]);
  });
  it("are restored through the ledger as well", async () => {
    await items.add(FIELDS);
    const { id } = await only();
    await items.change(id, { ...(await opened(items, id)), quantity: "7" });
    const { deeds } = (await items.history(id)).data;
    await items.restore(id, deeds.at(-1).id);
    expect((await ledger()).map(({ delta }) => delta)).toEqual([3, -3, 10]);
    expect((await only()).quantity).toBe(10);
  });
  it("are a conflict where stock has moved since the form was opened", async () => {
    await items.add(FIELDS);
    const { id } = await only();
    const form = await opened(items, id);
    await StockMove.book(id, { reason: "issue", amount: 1, reference: "" }, null);
    expect((await items.change(id, { ...form, quantity: "20" })).status).toBe(409);
    expect((await only()).quantity).toBe(9);
  });
  it.each([
    [{ quantity: "-1" }, "quantity", "Quantity must be 0 or more"],
    [{ quantity: "1.5" }, "quantity", "Quantity must be a whole number"],
    [{ sku: "" }, "sku", "Enter a SKU"],
    [{ name: "x".repeat(201) }, "name", "Name must be 200 characters or fewer; it has 201"],
    [{ price: "-1" }, "price", "Price must be 0 or more"],
    [{ low_stock: "many" }, "low_stock", "Low stock must be a whole number"],
  ])("refuse %j in the words of the feature", async (fields, name, message) => {
    const answer = await items.add({ ...FIELDS, ...fields } as Record<string, string>);
    expect([answer.status, errors(answer)]).toEqual([422, [{ name, message }]]);
  });
  it("refuse a SKU that another has, whatever its case", async () => {
    await items.add(FIELDS);
    const answer = await items.add({ ...FIELDS, sku: "b-1" });
    expect([answer.status, errors(answer)[0]!.name]).toEqual([422, "sku"]);
  });
  it("show neither what is searched nor the folded SKU", async () => {
    await items.add({ ...FIELDS, sku: "FOLDED" });
    expect(await items.csv()).not.toContain("folded");
    const { id } = await only();
    expect(JSON.stringify((await items.form(id)).data)).not.toContain("folded");
  });
  it("go with their ledgers, which the page says before", async () => {
    await items.add(FIELDS);
    const { id } = await only();
    expect((await items.preview(id)).data.found.deleted).toEqual([
      expect.objectContaining({ called: "stock move", count: 1 }),
    ]);
    expect((await items.delete(id)).status).toBe(303);
    expect([await Item.count(), await StockMove.count()]).toEqual([0, 0]);
  });
});

describe("the ledger in the admin", () => {
  it("can be looked at, and neither added to, changed, nor deleted from", async () => {
    await items.add(FIELDS);
    const { id } = (await StockMove.findOne())!;
    expect((await moves.list()).data.rows).toHaveLength(1);
    expect((await moves.addForm()).status).toBe(404);
    expect((await moves.change(id, { delta: "1" })).status).toBe(404);
    const refused = await moves.delete(id);
    expect([refused.status, errors(refused)[0]!.message]).toEqual([
      422,
      "The ledger of stock is only ever added to",
    ]);
    expect(await StockMove.count()).toBe(1);
  });
});
