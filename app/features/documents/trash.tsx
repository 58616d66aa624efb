import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Document } from "#models/document.server";
import { TRASH_DAYS } from "#models/trash.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { TrashedRows } from "~/components/trashed-rows";
import { requireUser } from "~/services/auth.server";
import { paginate } from "~/services/paginate.server";
import { VaultTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted documents");

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Document.trashedCount(user), 50);
  return {
    page,
    days: TRASH_DAYS,
    rows: await Document.trashed(user, page),
    isSuperuser: user.isSuperuser,
  };
}

export default function Trash() {
  const { page, days, rows, isSuperuser } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const back = place(query, { from: "trash" });
  return (
    <>
      <div className="head">
        <div>
          <h1>Deleted documents</h1>
          <p>
            {page.total > 0
              ? `${counted(page.total, "document")}, kept for ${days} days`
              : "The trash is empty"}
          </p>
        </div>
      </div>
      <section className="card">
        <header>
          <VaultTabs current="trash" isSuperuser={isSuperuser} />
        </header>
        <TrashedRows
          rows={rows}
          days={days}
          verbs={[
            { label: "Restore", path: (id) => `/documents/${id}/restore${back}` },
            { label: "Delete for good", path: (id) => `/documents/${id}/erase${back}` },
          ]}
        />
        <Pagination page={page} />
      </section>
    </>
  );
}
