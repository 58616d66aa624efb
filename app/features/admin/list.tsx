import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useLocation } from "@remix-run/react";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import stylesheet from "./admin.css?url";
import { Crumbs } from "./crumbs";
import { labelOf, nameOf } from "./fields.server";
import { Filters } from "./filters";
import { ListTable } from "./list-table";
import { cellsOf, listPage, listQuery } from "./query.server";
import { screenFor } from "./screen.server";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => pageTitle(matches, data?.label);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const screen = await screenFor(request, params);
  const { entry, user, may } = screen;
  const query = await listQuery(entry, request.url, user);
  const { rows, page, isMore } = await listPage(entry, query, new URL(request.url).searchParams.get("page"));
  const cells = await cellsOf(query.columns, rows);
  return {
    path: entry.path,
    label: labelOf(entry.plural),
    singular: entry.singular,
    plural: entry.plural,
    q: query.q,
    searches: Boolean(entry.search?.length),
    filters: query.filters.map(({ where: _, ...filter }) => filter),
    columns: query.columns.map(({ label, attribute }) => ({ label, attribute })),
    sort: query.sort,
    ignored: query.ignored,
    page,
    isMore,
    mayAdd: may.add,
    rows: rows.map((row, at) => ({
      id: row.get("id") as number,
      name: nameOf(row, entry),
      cells: cells[at]!,
    })),
    actions: [
      ...(may.delete ? [{ name: "delete", label: `Delete the selected ${entry.plural}` }] : []),
      ...(entry.actions ?? [])
        .filter(({ needs }) => user.can(needs, entry.key))
        .map(({ name, label }) => ({ name, label })),
    ],
  };
}

export default function AdminList() {
  const data = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const { path, label, singular, plural, page, isMore, ignored, mayAdd } = data;
  const total = `${page.total.toLocaleString("en")}${isMore ? "+" : ""}`;
  return (
    <>
      <Crumbs trail={[[label, path]]} />
      <div className="head">
        <div>
          <h1>{label}</h1>
          <p>
            {total} {page.total === 1 ? singular : plural}
            {isMore && ". More than that are not counted"}
          </p>
        </div>
        {mayAdd && (
          <div className="actions">
            <Link className="button primary" to={`${path}/add${search}`}>
              Add {singular}
            </Link>
          </div>
        )}
      </div>
      {ignored.length > 0 && (
        <p className="note">Passed over, for it is not known here: {ignored.join("; ")}.</p>
      )}
      <Filters {...data} />
      <section className="card">
        {data.rows.length === 0 ? <p className="empty">Nothing here fits.</p> : <ListTable {...data} />}
        <Pagination page={page} />
      </section>
    </>
  );
}
