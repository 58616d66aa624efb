import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { Todo, todoTitles } from "#models/todo.server";
import { useAtOnce } from "~/components/at-once";
import { counted } from "~/components/counted";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid, readForm } from "~/services/forms.server";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import { AddForm, useAdd } from "./add-form";
import { Rows } from "./rows";
import { TodoTabs } from "./tabs";
import stylesheet from "./todos.css?url";
import { backTo, showOf } from "./view";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

const PER_PAGE = 50;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "To-dos");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const show = showOf(searchParams);
  const counts = await Todo.counts();
  const total = show === "all" ? counts.active + counts.completed : counts[show];
  const page = paginate(searchParams.get("page"), total, PER_PAGE);
  return { show, counts, page, todos: await Todo.list(show, page) };
}

const schema = z.object({ title: todoTitles });

export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const titles = form.value.title;
  await Todo.add(titles, await getUser(request));
  const text = `Added ${titles.length === 1 ? `“${titles[0]}”` : counted(titles.length, "to-do")}.`;
  return redirectWithFlash(request, backTo(request.url), { kind: "success", text });
}

const EMPTY = {
  all: "Nothing to do. Write down the first thing above.",
  active: "Nothing left to do.",
  completed: "Nothing is completed yet.",
};

export default function Todos() {
  const { show, counts, page, todos } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const adding = useAdd(useActionData<typeof action>()?.problem);
  const here = place(query);
  const atOnce = useAtOnce();
  const isCleared = atOnce.pending.some((path) => path.startsWith("/todos/clear-completed"));
  const kept = isCleared ? todos.filter(({ done }) => !done) : todos;
  const added = show !== "completed" && page.number === 1 ? adding.titles : [];
  return (
    <>
      <div className="head">
        <div>
          <h1>To-dos</h1>
          <p>
            {`${counted(counts.active, "item")} left, ${counts.completed.toLocaleString("en")} completed`}
          </p>
        </div>
        {counts.active + counts.completed > 0 && (
          <Form method="post" action={`/todos/toggle-all${here}`} className="actions">
            <button type="submit" className="button" name="done" value={String(counts.active > 0)}>
              {counts.active > 0 ? "Complete all" : "Reopen all"}
            </button>
          </Form>
        )}
      </div>
      <ErrorSummary problem={adding.problem} />
      <section className="card">
        <header>
          <TodoTabs current={show} />
          {counts.completed > 0 && !isCleared && (
            <Form method="post" className="end" onSubmit={atOnce.onSubmit}>
              <button formAction={`/todos/clear-completed${here}`} className="button quiet">
                Clear completed
              </button>
            </Form>
          )}
        </header>
        <AddForm adding={adding} place={here} />
        {kept.length + added.length === 0 ? (
          <p className="empty">{EMPTY[show]}</p>
        ) : (
          <Rows atOnce={atOnce} todos={kept} added={added} show={show} query={query} />
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}
