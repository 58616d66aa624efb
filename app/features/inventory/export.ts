import type { LoaderFunctionArgs } from "@remix-run/node";
import { everyItem, type ItemQuery } from "#models/item-search.server";
import { csvResponse } from "~/services/csv.server";
import { priceText } from "./price";
import { queryOf } from "./query";

/** What the list shows, all pages of it. */
export function loader(args: LoaderFunctionArgs) {
  const query = queryOf(new URL(args.request.url).searchParams);
  return csvResponse(
    args,
    "inventory",
    ["Name", "SKU", "Location", "Quantity", "Low at", "Price"],
    rowsOf(query),
  );
}

async function* rowsOf(query: ItemQuery): AsyncGenerator<string[][]> {
  for await (const items of everyItem(query))
    yield items.map(({ name, sku, location, quantity, lowStock, price }) => [
      name,
      sku,
      location,
      String(quantity),
      String(lowStock),
      price === null ? "" : priceText(price),
    ]);
}
