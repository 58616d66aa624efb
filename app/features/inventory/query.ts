/** The list as its URL asks for it: search, filters, order, page. */
import type { ItemQuery, ItemSort } from "#models/item-search.server";

/** The columns that one sorts by. */
export const COLUMNS: { name: ItemSort; label: string }[] = [
  { name: "name", label: "Name" },
  { name: "sku", label: "SKU" },
  { name: "location", label: "Location" },
  { name: "quantity", label: "Quantity" },
];

/** Reads the URL; what it cannot mean is passed over. */
export function queryOf(params: URLSearchParams): ItemQuery {
  const sort = params.get("sort") ?? "";
  const column = COLUMNS.find(({ name }) => name === sort.replace(/^-/, ""));
  return {
    // As a field of one line holds it.
    q: (params.get("q") ?? "").replace(/[\r\n]+/g, " "),
    low: params.get("low") === "1",
    location: (params.get("location") ?? "").replaceAll("\u0000", ""),
    sort: column?.name ?? "name",
    descending: Boolean(column) && sort.startsWith("-"),
  };
}

/** Whether it asks for less than everything. */
export const isNarrowed = ({ q, low, location }: ItemQuery) => q.trim() !== "" || low || location !== "";

const NAMES = ["q", "low", "location", "sort", "page"];

/** The part of a query that says where in the list one is, as every link of the feature carries it. */
export function listSearch(params: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of NAMES) {
    const value = params.get(name);
    if (value) kept.set(name, value);
  }
  return kept.size > 0 ? `?${kept}` : "";
}

/** The same list from its first page on, sorted by a column; by the one that it is sorted by already, the other way. */
export function sortedBy(params: URLSearchParams, name: ItemSort): string {
  const { sort, descending } = queryOf(params);
  const sorted = new URLSearchParams(params);
  sorted.set("sort", name === sort && !descending ? `-${name}` : name);
  sorted.delete("page");
  return listSearch(sorted);
}
