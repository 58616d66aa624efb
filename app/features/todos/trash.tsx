import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData, useSearchParams } from "@remix-run/react";
import { Todo } from "#models/todo.server";
import { TRASH_DAYS } from "#models/trash.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { TrashedRows } from "~/components/trashed-rows";
import { paginate } from "~/services/paginate.server";
import { TodoTabs } from "./tabs";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Deleted to-dos");

export async function loader({ request }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams.get("page");
  const page = paginate(asked, await Todo.trashedCount(), 50);
  return { page, days: TRASH_DAYS, todos: await Todo.trashed(page) };
}

export default function Trash() {
  const { page, days, todos } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const back = place(query, { from: "trash" });
  return (
    <>
      <div className="head">
        <div>
          <h1>Deleted to-dos</h1>
          <p>
            {page.total > 0 ? `${counted(page.total, "to-do")}, kept for ${days} days` : "The trash is empty"}
          </p>
        </div>
      </div>
      <section className="card">
        <header>
          <TodoTabs current="trash" />
          {page.total > 0 && (
            <Form method="post" action="/todos/trash/empty" className="end">
              <button type="submit" className="button quiet">
                Empty trash
              </button>
            </Form>
          )}
        </header>
        <TrashedRows
          rows={todos}
          days={days}
          verbs={[
            { label: "Restore", path: (id) => `/todos/${id}/restore${back}` },
            { label: "Delete for good", path: (id) => `/todos/${id}/erase${back}` },
          ]}
        />
        <Pagination page={page} />
      </section>
    </>
  );
}
