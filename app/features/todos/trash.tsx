import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData, useSearchParams } from "@remix-run/react";
import { Todo, TRASH_DAYS } from "#models/todo.server";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { RelativeTime } from "~/components/relative-time";
import { paginate } from "~/services/paginate.server";
import { Tabs } from "./tabs";
import { place, toDos } from "./view";

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
          <p>{page.total > 0 ? `${toDos(page.total)}, kept for ${days} days` : "The trash is empty"}</p>
        </div>
      </div>
      <section className="card">
        <header>
          <Tabs current="trash" />
          {page.total > 0 && (
            <Form method="post" action="/todos/trash/empty" className="end">
              <button type="submit" className="button quiet">
                Empty trash
              </button>
            </Form>
          )}
        </header>
        {todos.length === 0 ? (
          <p className="empty">What you delete waits here for {days} days, in case you want it back.</p>
        ) : (
          <Form method="post">
            <ul className="rows">
              {todos.map(({ id, title, done, deletedAt }) => (
                <li key={id} className={done ? "done" : undefined}>
                  <span id={`t${id}`}>{title}</span>
                  <RelativeTime at={deletedAt} />
                  <button formAction={`/todos/${id}/restore${back}`} aria-describedby={`t${id}`}>
                    Restore
                  </button>
                  <button formAction={`/todos/${id}/erase${back}`} aria-describedby={`t${id}`}>
                    Delete for good
                  </button>
                </li>
              ))}
            </ul>
          </Form>
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}
