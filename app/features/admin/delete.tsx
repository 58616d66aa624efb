import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useLocation } from "@remix-run/react";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid } from "~/services/forms.server";
import { notFound } from "~/services/http.server";
import stylesheet from "./admin.css?url";
import { ConsequencesList, mayGo } from "./consequences-list";
import { Crumbs } from "./crumbs";
import { labelOf, nameOf } from "./fields.server";
import { consequences } from "./related.server";
import { deleteRow } from "./save.server";
import { rowFor, screenFor, searchOf } from "./screen.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `Delete ${data?.name}`);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const screen = await screenFor(request, params, "delete");
  const { entry, user } = screen;
  const row = await rowFor(screen, params);
  const id = row.get("id") as number;
  return {
    id,
    name: nameOf(row, entry),
    path: entry.path,
    singular: entry.singular,
    label: labelOf(entry.plural),
    found: await consequences(entry, [id], user),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const screen = await screenFor(request, params, "delete");
  const { entry, user } = screen;
  const row = await rowFor(screen, params);
  const name = nameOf(row, entry);
  const outcome = await deleteRow(entry, row.get("id") as number, user);
  if ("gone" in outcome) throw notFound();
  if ("refusal" in outcome) return invalid(fieldProblem({}, outcome.refusal.name, outcome.refusal.message));
  return redirectWithFlash(request, entry.path + searchOf(request), {
    kind: "success",
    text: `Deleted the ${entry.singular} “${name}”.`,
  });
}

export default function AdminDelete() {
  const { id, name, path, singular, label, found } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const { search } = useLocation();
  return (
    <>
      <Crumbs
        trail={[
          [label, path],
          [name, `${path}/${id}/change`],
        ]}
      />
      <h1>
        Delete the {singular} “{name}”?
      </h1>
      <ErrorSummary problem={problem} />
      <section className="card asks">
        <div className="pad" id="form">
          <ConsequencesList found={found} />
          <Form method="post" className="actions">
            {mayGo(found) && (
              <button type="submit" className="button danger">
                Delete
              </button>
            )}
            <Link className="button" to={`${path}/${id}/change${search}`}>
              Cancel
            </Link>
          </Form>
        </div>
      </section>
    </>
  );
}
