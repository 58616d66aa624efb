import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Document, seesAll } from "#models/document.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { requireUser } from "~/services/auth.server";
import { paginate } from "~/services/paginate.server";
import stylesheet from "./documents.css?url";
import { Table } from "./table";
import { VaultTabs } from "./tabs";

const PER_PAGE = 50;
/** Characters of a search that count. */
const LONGEST_QUERY = 200;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Documents");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const { searchParams } = new URL(request.url);
  const q = (searchParams.get("q") ?? "").slice(0, LONGEST_QUERY).trim();
  const page = paginate(searchParams.get("page"), await Document.total(user, q), PER_PAGE);
  return {
    q,
    page,
    rows: await Document.list(user, q, page),
    seesAll: seesAll(user),
    isSuperuser: user.isSuperuser,
  };
}

export default function Documents() {
  const { q, page, rows, seesAll, isSuperuser } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>Documents</h1>
          <p>
            {q === "" ? (
              `${counted(page.total, "document")}${seesAll ? ", of everybody" : ""}`
            ) : (
              <>
                {counted(page.total, "document")} found. <Link to="/documents">Show all</Link>
              </>
            )}
          </p>
        </div>
        <div className="actions">
          <Link className="button primary" to="/documents/upload">
            Upload
          </Link>
        </div>
      </div>
      <section className="card">
        <header>
          <VaultTabs current="documents" isSuperuser={isSuperuser} />
          <Form method="get" action="/documents" role="search" className="find" key={q}>
            <input
              type="search"
              name="q"
              defaultValue={q}
              maxLength={LONGEST_QUERY}
              aria-label="Search by title or file name"
              placeholder="Title or file name"
            />
            <button type="submit" className="button">
              Search
            </button>
          </Form>
        </header>
        {rows.length === 0 ? (
          <p className="empty">
            {q === ""
              ? "Nothing is kept here yet. Upload the first document: only you will see it, and those who look after the vault."
              : "Nothing matches. Try fewer words, or a part of one."}
          </p>
        ) : (
          <Table rows={rows} seesAll={seesAll} />
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}
