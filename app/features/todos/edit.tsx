import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { Todo, todoTitle } from "#models/todo.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { place } from "~/components/place";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid, readForm } from "~/services/forms.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Edit to-do");

export async function loader({ params }: LoaderFunctionArgs) {
  const todo = await Todo.find(idParam(params.id));
  if (!todo) throw notFound();
  return { todo };
}

const schema = z.object({ title: todoTitle });

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { title } = form.value;
  if (!(await Todo.rename(id, title, await getUser(request)))) throw notFound();
  return redirectWithFlash(request, backTo(request.url, id), { kind: "success", text: `Saved “${title}”.` });
}

export default function EditTodo() {
  const { todo } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const [query] = useSearchParams();
  return (
    <>
      <h1>Edit to-do</h1>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          <Field name="title" label="Title" hint="Up to 200 characters" problem={problem}>
            {(control) => (
              <input {...control} defaultValue={control.defaultValue ?? todo.title} autoComplete="off" />
            )}
          </Field>
          <div className="actions">
            <button type="submit" className="button primary">
              Save
            </button>
            <Link className="button" to={`/todos${place(query)}#todo-${todo.id}`}>
              Cancel
            </Link>
          </div>
        </Form>
      </section>
    </>
  );
}
