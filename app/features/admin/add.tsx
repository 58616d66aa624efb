import {
  type ActionFunctionArgs,
  data,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { fieldProblem, invalid } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import stylesheet from "./admin.css?url";
import { Crumbs } from "./crumbs";
import { askOwnPassword } from "./delicate.server";
import { labelOf } from "./fields.server";
import { formView, readModelForm } from "./form.server";
import { ModelForm } from "./model-form";
import { maySee } from "./registry.server";
import { addRow } from "./save.server";
import { savedRedirect } from "./saved.server";
import { screenFor } from "./screen.server";

export { stayOnPage as clientAction } from "~/components/at-once";
export { keepForm as shouldRevalidate } from "./keep-form";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `Add ${data?.view.singular}`);
/** Files of rows come in the same form. What may be how large, their fields say. */
export const handle: Handle = { bodyLimit: 30_000_000 };

export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { entry, user } = await screenFor(request, params, "add");
  const trail: [label: string, to: string][] = maySee(user, entry)
    ? [[labelOf(entry.plural), entry.path]]
    : [];
  return { trail, view: await formView(entry, null, user) };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const screen = await screenFor(request, params, "add");
  const form = await readModelForm(request, screen.entry, true, screen.user);
  if (form.problem) return invalid(form.problem, form.status);
  if (form.search) return data({ problem: form.search });
  const ask = await askOwnPassword(request, screen, null, form);
  if (ask) return form.takeBack(ask);
  const outcome = await addRow(screen.entry, form.wanted, screen.user);
  if ("refusal" in outcome) {
    const { name, message } = outcome.refusal;
    return form.takeBack(invalid(fieldProblem(form.typed, name, message)));
  }
  if (!("row" in outcome)) throw new Error("A row that is added has no version to differ from.");
  return savedRedirect(request, screen, outcome.row, "Added", form.next);
}

export default function AdminAdd() {
  const { trail, view } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <Crumbs trail={trail} />
      <h1>Add {view.singular}</h1>
      <ErrorSummary problem={problem} />
      <ModelForm view={view} problem={problem} mayAdd />
    </>
  );
}
