import {
  type ActionFunctionArgs,
  data,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Link, useActionData, useLoaderData, useLocation } from "@remix-run/react";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { fieldProblem, invalid } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import stylesheet from "./admin.css?url";
import { conflictAnswer } from "./conflict.server";
import { Conflicts } from "./conflicts";
import { Crumbs } from "./crumbs";
import { askOwnPassword } from "./delicate.server";
import { fieldsOf, labelOf, nameOf } from "./fields.server";
import { factsOf, formView, readModelForm } from "./form.server";
import { ModelForm, Shown } from "./model-form";
import { RowLinks } from "./row-links";
import { changeRow } from "./save.server";
import { savedRedirect } from "./saved.server";
import { rowFor, screenFor } from "./screen.server";

export { stayOnPage as clientAction } from "~/components/at-once";
export { keepForm as shouldRevalidate } from "./keep-form";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => pageTitle(matches, data?.name);
/** Files of rows come in the same form. What may be how large, their fields say. */
export const handle: Handle = { bodyLimit: 30_000_000 };

export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const screen = await screenFor(request, params);
  const { entry, user, may } = screen;
  const row = await rowFor(screen, params);
  return {
    id: row.get("id") as number,
    name: nameOf(row, entry),
    label: labelOf(entry.plural),
    path: entry.path,
    may,
    links: may.change || entry.viewOnly ? (entry.links?.(row, user) ?? []) : [],
    seen: entry.viewOnSite?.(row),
    view: may.change ? await formView(entry, row, user) : null,
    facts: may.change ? [] : await factsOf(fieldsOf(entry), row),
  };
}

type Answer = Response | ReturnType<typeof invalid | typeof conflictAnswer>;

export async function action({ request, params }: ActionFunctionArgs): Promise<Answer> {
  const screen = await screenFor(request, params, "change");
  const { entry, user } = screen;
  const row = await rowFor(screen, params);
  const form = await readModelForm(request, entry, false, user);
  if (form.problem) return invalid(form.problem, form.status);
  if (form.search) return data({ problem: form.search });
  const ask = await askOwnPassword(request, screen, row, form);
  if (ask) return form.takeBack(ask);
  const outcome = await changeRow(entry, row.get("id") as number, form.wanted, user, {
    version: form.version,
  });
  if ("gone" in outcome) {
    await form.takeBack(null);
    throw notFound();
  }
  if ("refusal" in outcome) {
    const { name, message } = outcome.refusal;
    return form.takeBack(invalid(fieldProblem(form.typed, name, message)));
  }
  if ("conflicts" in outcome) return form.takeBack(await conflictAnswer(entry, form.typed, outcome));
  return savedRedirect(
    request,
    screen,
    outcome.row,
    outcome.changed ? "Changed" : "Nothing to change in",
    form.next,
  );
}

export default function AdminChange() {
  const { id, name, label, path, may, links, seen, view, facts } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { search } = useLocation();
  const problem = answer?.problem;
  const conflict = answer && "conflict" in answer ? answer.conflict : null;
  return (
    <>
      <Crumbs trail={[[label, path]]} />
      <div className="head">
        <h1>{name}</h1>
        <div className="actions">
          {seen && (
            <Link className="button" to={seen}>
              View on site
            </Link>
          )}
          <RowLinks links={links} />
          <Link className="button" to={`${path}/${id}/history${search}`}>
            History
          </Link>
          {may.delete && (
            <Link className="button" to={`${path}/${id}/delete${search}`}>
              Delete
            </Link>
          )}
        </div>
      </div>
      <ErrorSummary problem={problem} />
      {conflict && <Conflicts key={conflict.version} {...conflict} />}
      {view ? (
        <ModelForm view={view} problem={problem} version={conflict?.version} mayAdd={may.add} />
      ) : (
        <Shown shown={facts} />
      )}
    </>
  );
}
