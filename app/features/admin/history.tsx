import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Activity } from "#models/activity.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm } from "~/services/forms.server";
import { idParam, isId, notFound } from "~/services/http.server";
import stylesheet from "./admin.css?url";
import { Crumbs } from "./crumbs";
import { deedView } from "./deed-view.server";
import { labelOf, nameOf } from "./fields.server";
import { entries, maySee } from "./registry.server";
import { restoreVersion } from "./restore.server";
import { screenFor } from "./screen.server";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `History of ${data?.name}`);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** Also of a row that has gone: what was done to it stays on record. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { entry, user, may } = await screenFor(request, params);
  if (!maySee(user, entry)) throw notFound();
  const id = idParam(params.id);
  const [row, deeds] = await Promise.all([entry.model.findByPk(id), Activity.of(entry.key, id)]);
  if (!row && deeds.length === 0) throw notFound();
  return {
    id,
    name: row ? nameOf(row, entry) : deeds[0]!.label,
    isThere: Boolean(row),
    label: labelOf(entry.plural),
    path: entry.path,
    mayRestore: Boolean(row) && may.change,
    deeds: deeds.map((deed) => deedView(deed, entries())),
  };
}

const schema = z.object({ version: z.string().refine(isId) });

export async function action({ request, params }: ActionFunctionArgs) {
  const { entry, user } = await screenFor(request, params, "change");
  const id = idParam(params.id);
  const form = await readForm(request, schema);
  if (form.problem) throw notFound();
  const outcome = await restoreVersion(entry, id, Number(form.value.version), user);
  if ("gone" in outcome) throw notFound();
  if ("refusal" in outcome) return invalid(fieldProblem({}, outcome.refusal.name, outcome.refusal.message));
  const text =
    "changed" in outcome && outcome.changed
      ? "Restored that version."
      : "Nothing to restore: its fields are as they were then. Groups and permissions are not restored.";
  return redirectWithFlash(request, `${entry.path}/${id}/history`, { kind: "success", text });
}

export default function AdminHistory() {
  const { id, name, isThere, label, path, mayRestore, deeds } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <Crumbs
        trail={
          isThere
            ? [
                [label, path],
                [name, `${path}/${id}/change`],
              ]
            : [[label, path]]
        }
      />
      <h1>History of {name}</h1>
      <ErrorSummary problem={problem} />
      {deeds.length === 0 && (
        <p className="empty">Nothing is on record: it was made before, or by a script.</p>
      )}
      <Form method="post" className="stack" id="form">
        {deeds.map((deed, index) => (
          <section className="card deed" key={deed.id}>
            <header>
              <h2>
                {deed.who} {deed.did} it {deed.how}
              </h2>
              <RelativeTime at={deed.at} />
              {mayRestore && index > 0 && (
                <button type="submit" className="button quiet end" name="version" value={deed.id}>
                  Restore this version
                </button>
              )}
            </header>
            {deed.changes.length > 0 && (
              <table>
                <thead>
                  <tr>
                    <th scope="col">Field</th>
                    <th scope="col">Before</th>
                    <th scope="col">After</th>
                  </tr>
                </thead>
                <tbody>
                  {deed.changes.map(({ field, before, after }) => (
                    <tr key={field}>
                      <th scope="row">{field}</th>
                      <td data-label="Before">{before === null ? "—" : <del>{before}</del>}</td>
                      <td data-label="After">{after === null ? "—" : <ins>{after}</ins>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
        ))}
      </Form>
    </>
  );
}
