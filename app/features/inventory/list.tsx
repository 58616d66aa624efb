import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Link,
  Outlet,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useSearchParams,
} from "@remix-run/react";
import { ItemCount } from "#models/item-count.server";
import { itemLocations, searchItems } from "#models/item-search.server";
import { unlessCutOff } from "~/components/at-once";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import { Filters } from "./filters";
import stylesheet from "./inventory.css?url";
import { isNarrowed, listSearch, queryOf } from "./query";
import { Table } from "./table";

const PER_PAGE = 20;
/** Locations to choose from; where there are more, one types it. */
const MOST_LOCATIONS = 100;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Inventory");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** The list on the left: what one looks at on the right has its own loader. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const query = queryOf(searchParams);
  const found = await searchItems(query);
  const page = paginate(searchParams.get("page"), found.total, PER_PAGE);
  const items = await found.list(page);
  return {
    query,
    page,
    items: items.map(({ price, ...item }) => item),
    low: isNarrowed(query) ? null : (await ItemCount.now()).low,
    locations: await itemLocations(MOST_LOCATIONS),
    mayAdd: Boolean((await getUser(request))?.can("add", "item")),
  };
}

/** Another item beside the same list leaves the list as it is. */
export function shouldRevalidate(args: ShouldRevalidateFunctionArgs) {
  const { currentUrl, nextUrl, formMethod } = args;
  const isSameList = listSearch(currentUrl.searchParams) === listSearch(nextUrl.searchParams);
  if (!formMethod && isSameList && currentUrl.pathname !== nextUrl.pathname) return false;
  return unlessCutOff(args);
}

export default function Inventory() {
  const { query, page, items: rows, low, locations, mayAdd } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const here = listSearch(params);
  return (
    <>
      <div className="head">
        <div>
          <h1>Inventory</h1>
          <p aria-live="polite">
            {low === null ? (
              <>
                {counted(page.total, "item")} found. <Link to="/inventory">Show all</Link>
              </>
            ) : (
              `${counted(page.total, "item")}, ${low.toLocaleString("en")} low`
            )}
          </p>
        </div>
        <div className="actions">
          <a className="button" href={`/inventory/export.csv${here}`} download>
            Download CSV
          </a>
          {mayAdd && (
            <Link className="button primary" to={`/inventory/new${here}`}>
              Add item
            </Link>
          )}
        </div>
      </div>
      <div className="split">
        <section className="card" aria-label="Items">
          <Filters query={query} locations={locations} />
          {rows.length === 0 ? (
            <p className="empty">
              {isNarrowed(query)
                ? "Nothing matches. Try fewer words, or another filter."
                : `Nothing is in stock yet.${mayAdd ? " Add the first item." : ""}`}
            </p>
          ) : (
            <Table items={rows} query={query} />
          )}
          <Pagination page={page} />
        </section>
        <Outlet />
      </div>
    </>
  );
}
