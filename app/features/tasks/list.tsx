import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Task } from "#models/task.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid } from "~/services/forms.server";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import { AddForm, useAdd } from "./add-form";
import { Rows } from "./rows";
import { TaskTabs } from "./tabs";
import { assigneesFor, saving } from "./task-form.server";
import stylesheet from "./tasks.css?url";
import { backTo, showOf } from "./view";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

const PER_PAGE = 50;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Tasks");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const show = showOf(searchParams);
  const user = show === "mine" ? await requireUser(request) : await getUser(request);
  const counts = await Task.counts();
  const total = show === "mine" ? await Task.countMine(user!.id) : counts[show];
  const page = paginate(searchParams.get("page"), total, PER_PAGE);
  const tasks = await Task.list(show, user?.id ?? null, page);
  return { show, counts, page, tasks, people: await assigneesFor(user) };
}

export async function action({ request }: ActionFunctionArgs) {
  const by = await getUser(request);
  const result = await saving(request, by, (values) => Task.add(values, by));
  if (result.problem) return invalid(result.problem);
  const text = `Added “${result.title}”.`;
  return redirectWithFlash(request, backTo(request.url, result.saved), { kind: "success", text });
}

const EMPTY = {
  open: "Nothing is open. Write down the first task above.",
  mine: "Nothing open is yours.",
  overdue: "Nothing is overdue.",
  done: "Nothing is done yet.",
};

export default function Tasks() {
  const { show, counts, page, tasks, people } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const adding = useAdd(useActionData<typeof action>()?.problem);
  return (
    <>
      <div className="head">
        <div>
          <h1>Tasks</h1>
          <p>
            {(["open", "overdue", "done"] as const)
              .map((name) => `${counts[name].toLocaleString("en")} ${name}`)
              .join(", ")}
          </p>
        </div>
      </div>
      <ErrorSummary problem={adding.problem} />
      <section className="card">
        <header>
          <TaskTabs current={show} isSignedIn={people !== undefined} />
        </header>
        <AddForm adding={adding} people={people} place={place(query)} />
        {tasks.length === 0 ? <p className="empty">{EMPTY[show]}</p> : <Rows tasks={tasks} query={query} />}
        <Pagination page={page} />
      </section>
    </>
  );
}
