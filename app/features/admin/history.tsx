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
import { BeforeAfter } from "./before-after";
import { Crumbs } from "./crumbs";
import { deedView, namesIn } from "./deed-view.server";
import { askOwnPassword, ownPasswordField } from "./delicate.server";
import { labelOf, nameOf } from "./fields.server";
import { OWN_PASSWORD } from "./form-names";
import { OwnPassword } from "./own-password";
import { entries } from "./registry.server";
import { changesSince, missingOf, undo, wantedBefore } from "./restore.server";
import { rowFor, screenFor, searchOf } from "./screen.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `History of ${data?.name}`);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** Also of a row that has gone: what was done to it stays on record. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { entry, may } = await screenFor(request, params);
  const id = idParam(params.id);
  const [row, deeds] = await Promise.all([entry.model.findByPk(id), Activity.of(entry.key, id)]);
  if (!row && deeds.length === 0) throw notFound();
  const names = await namesIn(entry, deeds);
  return {
    id,
    name: row ? nameOf(row, entry) : deeds[0]!.label,
    isThere: Boolean(row),
    label: labelOf(entry.plural),
    path: entry.path,
    mayRestore: Boolean(row) && may.change,
    hasFiles: Object.keys(entry.files ?? {}).length > 0,
    deeds: deeds.map((deed) => deedView(deed, entries(), names)),
  };
}

const schema = z.object({ version: z.string().refine(isId), ...ownPasswordField });

export async function action({ request, params }: ActionFunctionArgs) {
  const screen = await screenFor(request, params, "change");
  const { entry, user } = screen;
  const row = await rowFor(screen, params);
  const id = row.get("id") as number;
  const form = await readForm(request, schema);
  if (form.problem) throw notFound();
  const { typed, value } = form;
  const changes = await changesSince(entry, id, Number(value.version));
  if (!changes) throw notFound();
  const wanted = await wantedBefore(entry, row, changes);
  const asked = wanted && { wanted, typed, ownPassword: value[OWN_PASSWORD] };
  const ask = asked && (await askOwnPassword(request, screen, row, asked));
  if (ask) return ask;
  const outcome = await undo(entry, id, changes, user);
  if ("gone" in outcome) throw notFound();
  if ("refusal" in outcome) return invalid(fieldProblem({}, "", outcome.refusal.message));
  if (!("row" in outcome)) throw new Error("What is restored has no version to differ from.");
  const missing = wanted ? await missingOf(entry, outcome.row, wanted) : [];
  const without = missing.length > 0 ? ` Left out, for it is not there any more: ${missing.join(", ")}.` : "";
  const text = outcome.changed ? "Restored that version." : "Nothing to restore: it is as it was then.";
  return redirectWithFlash(request, `${entry.path}/${id}/history${searchOf(request)}`, {
    kind: "success",
    text: text + without,
  });
}

export default function AdminHistory() {
  const { id, name, isThere, label, path, mayRestore, hasFiles, deeds } = useLoaderData<typeof loader>();
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
      {!isThere && (
        <p>It has been deleted. What was done to it stays on record, and cannot be restored here.</p>
      )}
      {mayRestore && hasFiles && <p>Files are not restored: what was replaced is not kept.</p>}
      {deeds.length === 0 && (
        <p className="empty">Nothing is on record: it was made before, or by a script.</p>
      )}
      <Form method="post" className="stack" id="form">
        <OwnPassword problem={problem}>
          <button type="submit" className="button primary" name="version" value={problem?.values.version}>
            Restore that version
          </button>
        </OwnPassword>
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
                      <BeforeAfter before={before} after={after} />
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
