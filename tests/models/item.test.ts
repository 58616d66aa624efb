import { describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Item, ItemChanged, itemLocation, itemName, itemPrice, itemSku, SkuTaken } from "#models/item.server";
import { StockMove } from "#models/stock-move.server";

const VALUES = { name: "Bolt M8", sku: "BLT-1", location: "Rack A3", lowStock: 10, price: 125, quantity: 40 };
const refusal = (schema: typeof itemName | typeof itemPrice | typeof itemLocation, value: unknown) =>
  schema.safeParse(value).error?.issues[0]?.message;

describe("what is written of an item", () => {
  it.each([
    [itemName, "", "Enter a name"],
    [itemName, "x".repeat(201), "Name must be 200 characters or fewer; it has 201"],
    [itemName, "a\nb", "Name must be one line without control characters"],
    [itemSku, " ", "Enter a SKU"],
    [itemSku, "x".repeat(65), "SKU must be 64 characters or fewer; it has 65"],
    [itemLocation, "\u200b", "Enter a location that can be seen"],
    [itemPrice, "-1", "Price must be 0 or more"],
    [itemPrice, "1.5", "Price must be a whole number"],
    [itemPrice, "1000000001", "Price must be 1,000,000,000 or less"],
  ])("is refused where it breaks a rule", (schema, value, message) =>
    expect(refusal(schema as typeof itemName, value)).toBe(message),
  );
  it("has no price, no location and no threshold where none is given", async () => {
    const id = await Item.add({ ...VALUES, price: null, location: "", lowStock: 0, quantity: 0 }, null);
    expect(await Item.find(id)).toMatchObject({ price: null, location: "", lowStock: 0, quantity: 0 });
  });
  it("takes the longest name and SKU there may be, in the widest characters", async () => {
    const id = await Item.add({ ...VALUES, name: "🔩".repeat(200), sku: "ΐ".repeat(64) }, null);
    expect(await Item.find(id)).toMatchObject({ name: "🔩".repeat(200), sku: "ΐ".repeat(64) });
  });
  it("is checked by the verbs, whoever calls them", async () => {
    await expect(Item.add({ ...VALUES, name: "" }, null)).rejects.toThrow("Enter a name");
    await expect(Item.add({ ...VALUES, quantity: -1 }, null)).rejects.toThrow("0 or more");
    expect(await Item.count()).toBe(0);
  });
});

describe("an item", () => {
  it("begins its ledger with what there is of it", async () => {
    const id = await Item.add(VALUES, { id: null, username: "ada" });
    expect(await StockMove.of(id, { limit: 10 })).toMatchObject([
      { delta: 40, balance: 40, reason: "count", reference: "Opening stock", by: "ada" },
    ]);
    expect(await Activity.of("item", id)).toHaveLength(1);
  });
  it.each(["blt-1", "BLT-1", " Blt-1 "])("cannot have the SKU of another, written %j", async (sku) => {
    await Item.add(VALUES, null);
    await expect(Item.add({ ...VALUES, sku }, null)).rejects.toThrow(SkuTaken);
    const other = await Item.add({ ...VALUES, sku: "other" }, null);
    const { updatedAt } = (await Item.find(other))!;
    await expect(Item.edit(other, { ...VALUES, sku }, updatedAt, null)).rejects.toThrow(SkuTaken);
    expect(await Item.find(other)).toMatchObject({ sku: "other" });
  });
  it("keeps its own SKU in another case", async () => {
    const id = await Item.add(VALUES, null);
    const { updatedAt } = (await Item.find(id))!;
    expect(await Item.edit(id, { ...VALUES, sku: "blt-1" }, updatedAt, null)).toBe(true);
    expect(await Item.find(id)).toMatchObject({ sku: "blt-1" });
  });
  it("is not overwritten by who has not seen it as it is", async () => {
    const id = await Item.add(VALUES, null);
    const { updatedAt } = (await Item.find(id))!;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Item.edit(id, { ...VALUES, name: "Theirs" }, updatedAt, null);
    await expect(Item.edit(id, { ...VALUES, name: "Mine" }, updatedAt, null)).rejects.toThrow(ItemChanged);
    expect(await Item.find(id)).toMatchObject({ name: "Theirs" });
  });
  it("can be edited while its stock moves", async () => {
    const id = await Item.add(VALUES, null);
    const { updatedAt } = (await Item.find(id))!;
    await StockMove.book(id, { reason: "issue", amount: 1, reference: "" }, null);
    expect(await Item.edit(id, { ...VALUES, name: "Mine" }, updatedAt, null)).toBe(true);
    expect(await Item.find(id)).toMatchObject({ name: "Mine", quantity: 39 });
  });
  it("that is not there is neither found nor edited", async () => {
    expect(await Item.find(1)).toBeNull();
    expect(await Item.edit(1, VALUES, new Date(), null)).toBe(false);
  });
});
