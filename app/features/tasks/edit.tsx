import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Task } from "#models/task.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { Theirs } from "~/components/theirs";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid } from "~/services/forms.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { LABELS, TaskFields } from "./task-fields";
import { assigneesFor, saving } from "./task-form.server";
import stylesheet from "./tasks.css?url";
import { backTo } from "./view";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Edit task");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const task = await Task.find(idParam(params.id));
  if (!task) throw notFound();
  return {
    task,
    people: await assigneesFor(await getUser(request)),
    back: backTo(request.url, task.id),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const by = await getUser(request);
  const result = await saving(request, by, (values, version) => Task.edit(id, values, by, version));
  if (result.problem) return invalid(result.problem, result.status);
  if (!result.saved) throw notFound();
  const text = `Saved “${result.title}”.`;
  return redirectWithFlash(request, backTo(request.url, id), { kind: "success", text });
}

export default function EditTask() {
  const { task, people, back } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const [query] = useSearchParams();
  return (
    <>
      <h1>Edit task</h1>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" action={`?${query}`} className="pad" noValidate>
          <Theirs problem={problem} labels={LABELS} />
          <input type="hidden" name="version" value={problem?.values.version ?? task.version} />
          <TaskFields values={task} people={people} problem={problem} />
          <div className="actions">
            <button type="submit" className="button primary">
              Save
            </button>
            <Link className="button" to={back}>
              Cancel
            </Link>
          </div>
        </Form>
      </section>
    </>
  );
}
