import { useLocation, useSearchParams } from "@remix-run/react";
import { useRef } from "react";
import type { ItemQuery, ItemRow } from "#models/item-search.server";
import { useFollowLinks } from "~/components/follow-links";
import { COLUMNS, listSearch, sortedBy } from "./query";
import { State } from "./state";

/** The items of a page. Plain links: a row is drawn twenty times. */
export function Table({ items, query }: { items: Omit<ItemRow, "price">[]; query: ItemQuery }) {
  const table = useRef<HTMLTableElement>(null);
  useFollowLinks(table);
  const { pathname } = useLocation();
  const [params] = useSearchParams();
  const here = listSearch(params);
  const { sort, descending } = query;
  return (
    <table ref={table} className="items">
      <thead>
        <tr>
          {COLUMNS.map(({ name, label }) => (
            <th
              key={name}
              scope="col"
              className={name === "quantity" ? "num" : undefined}
              aria-sort={name === sort ? (descending ? "descending" : "ascending") : undefined}
            >
              <a href={`/inventory${sortedBy(params, name)}`}>{label}</a>
            </th>
          ))}
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, name, sku, location, quantity, lowStock }) => (
          <tr key={id}>
            <td>
              <a
                href={`/inventory/${id}${here}`}
                aria-current={pathname === `/inventory/${id}` ? "page" : undefined}
              >
                {name}
              </a>
            </td>
            <td className="mono">{sku}</td>
            <td>{location}</td>
            <td className="num">{quantity.toLocaleString("en")}</td>
            <td>
              <State quantity={quantity} lowStock={lowStock} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
