import {
  Item,
  itemLocation,
  itemLowStock,
  itemName,
  itemPrice,
  itemQuantity,
  itemSku,
} from "#models/item.server";
import { ItemCount } from "#models/item-count.server";
import { StockMove } from "#models/stock-move.server";
import { adminEntry } from "~/services/admin.server";
import { demoItem } from "./demo.server";

export const name = "inventory";

export const admin = [
  adminEntry<Item>({
    model: Item,
    list: ["name", "sku", "quantity", "lowStock", "location"],
    search: ["name", "sku"],
    filters: ["createdAt"],
    ordering: ["-id"],
    secret: ["skuKey", "search"],
    labels: { sku: "SKU", lowStock: "Low at" },
    help: {
      sku: "Its number, which no other item has",
      quantity: "What it is set to here is written in the ledger",
      lowStock: "At this quantity and below it is low",
      price: "In hundredths: 1250 is 12.50",
    },
    rules: {
      name: itemName,
      sku: itemSku,
      quantity: itemQuantity,
      location: itemLocation,
      lowStock: itemLowStock,
      price: itemPrice,
    },
    viewOnSite: ({ id }) => `/inventory/${id}`,
    async along({ deed, row, by, transaction }) {
      const reference = deed === "add" ? "Opening stock" : "Set in the admin";
      if (deed !== "delete") await StockMove.settle(row, reference, by, transaction);
    },
  }),
  adminEntry<StockMove>({
    model: StockMove,
    name: ({ delta, itemId }) => `${delta} of #${itemId}`,
    list: ["itemId", "delta", "balance", "reason", "reference", "userName", "createdAt"],
    filters: ["itemId", "createdAt"],
    ordering: ["-id"],
    labels: { userName: "By" },
    viewOnly: true,
    viewOnSite: ({ itemId }) => `/inventory/${itemId}`,
    refuse: async () => ({ name: "", message: "The ledger of stock is only ever added to" }),
  }),
];

export async function figure() {
  const { low } = await ItemCount.now();
  return low > 0 ? `${low.toLocaleString("en")} low on stock` : null;
}

/** Items that one transaction adds: the more, the fewer times each page of an index is written. */
const AT_ONCE = 10_000;

export const seed = {
  of: "items",
  count: 60,
  /** Adds what is missing of the first `count` demo items, with their ledgers: some low, some out. */
  async run(count: number) {
    const now = Date.now();
    for (let start = 0; start < count; start += AT_ONCE) {
      const items = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, n) => demoItem(start + n));
      await Item.addMissing(
        items.map(({ moves, ...item }) => ({
          ...item,
          moves: moves.map(({ at, ...move }) => ({ ...move, createdAt: new Date(now - at) })),
        })),
      );
    }
  },
};
