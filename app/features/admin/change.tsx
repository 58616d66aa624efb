import {
  type ActionFunctionArgs,
  data,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { fieldProblem, invalid } from "~/services/forms.server";
import { notFound } from "~/services/http.server";
import stylesheet from "./admin.css?url";
import { conflictAnswer } from "./conflict.server";
import { Conflicts } from "./conflicts";
import { Crumbs } from "./crumbs";
import { askOwnPassword } from "./delicate.server";
import { fieldsOf, labelOf, nameOf } from "./fields.server";
import { formView, readModelForm } from "./form.server";
import { ModelForm, Shown } from "./model-form";
import { toFact } from "./query.server";
import { maySee } from "./registry.server";
import { RowLinks } from "./row-links";
import { changeRow } from "./save.server";
import { savedRedirect } from "./saved.server";
import { rowFor, screenFor } from "./screen.server";

export { keepForm as shouldRevalidate } from "./keep-form";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => pageTitle(matches, data?.name);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const screen = await screenFor(request, params);
  const { entry, user, may } = screen;
  if (!maySee(user, entry)) throw notFound();
  const row = await rowFor(screen, params);
  return {
    id: row.get("id") as number,
    name: nameOf(row, entry),
    label: labelOf(entry.plural),
    path: entry.path,
    may,
    links: may.change || entry.viewOnly ? (entry.links?.(row, user) ?? []) : [],
    seen: entry.viewOnSite?.(row),
    view: may.change ? await formView(entry, row) : null,
    facts: fieldsOf(entry).map((field) => ({
      label: field.label,
      text: toFact(row.get(field.attribute), field),
    })),
  };
}

type Answer = Response | ReturnType<typeof invalid | typeof conflictAnswer>;

export async function action({ request, params }: ActionFunctionArgs): Promise<Answer> {
  const screen = await screenFor(request, params, "change");
  const { entry, user } = screen;
  const row = await rowFor(screen, params);
  const form = await readModelForm(request, entry, false);
  if (form.problem) return invalid(form.problem);
  if (form.search) return data({ problem: form.search });
  const ask = await askOwnPassword(request, screen, row, form);
  if (ask) return ask;
  const outcome = await changeRow(entry, row.get("id") as number, form.wanted, user, {
    version: form.version,
  });
  if ("gone" in outcome) throw notFound();
  if ("refusal" in outcome)
    return invalid(fieldProblem(form.typed, outcome.refusal.name, outcome.refusal.message));
  if ("conflicts" in outcome) return conflictAnswer(form.typed, outcome);
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
          <Link className="button" to={`${path}/${id}/history`}>
            History
          </Link>
          {may.delete && (
            <Link className="button" to={`${path}/${id}/delete`}>
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
