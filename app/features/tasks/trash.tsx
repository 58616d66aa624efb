import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Task } from "#models/task.server";
import { TRASH_DAYS } from "#models/trash.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { TrashedRows } from "~/components/trashed-rows";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import { TaskTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted tasks");

export async function loader({ request }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Task.trashedCount(), 50);
  return {
    page,
    days: TRASH_DAYS,
    rows: await Task.trashed(page),
    isSignedIn: Boolean(await getUser(request)),
  };
}

export default function Trash() {
  const { page, days, rows, isSignedIn } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const back = place(query, { from: "trash" });
  return (
    <>
      <div className="head">
        <div>
          <h1>Deleted tasks</h1>
          <p>
            {page.total > 0 ? `${counted(page.total, "task")}, kept for ${days} days` : "The trash is empty"}
          </p>
        </div>
      </div>
      <section className="card">
        <header>
          <TaskTabs current="trash" isSignedIn={isSignedIn} />
        </header>
        <TrashedRows
          rows={rows}
          days={days}
          verbs={[{ label: "Restore", path: (id) => `/tasks/${id}/restore${back}` }]}
        />
        <Pagination page={page} />
      </section>
    </>
  );
}
