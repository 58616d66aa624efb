import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Item, ItemChanged, SkuTaken } from "#models/item.server";
import { pageTitle } from "~/components/page-title";
import { requirePermission } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { changedProblem, fieldProblem, invalid } from "~/services/forms.server";
import { idParam, notFound } from "~/services/http.server";
import { ItemForm } from "./item-form";
import { fieldsOf, readItem } from "./item-form.server";
import { listSearch } from "./query";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Edit item · Inventory");

export async function loader({ request, params }: LoaderFunctionArgs) {
  await requirePermission(request, "change", "item");
  const item = await Item.find(idParam(params.id));
  if (!item) throw notFound();
  return { id: item.id, values: fieldsOf(item) };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const by = await requirePermission(request, "change", "item");
  const id = idParam(params.id);
  const form = await readItem(request);
  if (form.problem) return invalid(form.problem);
  const { values, version, typed } = form;
  try {
    if (!(await Item.edit(id, values, version, by))) throw notFound();
  } catch (error) {
    if (error instanceof SkuTaken) return invalid(fieldProblem(typed, "sku", error.message));
    if (!(error instanceof ItemChanged)) throw error;
    const item = await Item.find(id);
    if (!item) throw notFound();
    return invalid(changedProblem("item", typed, fieldsOf(item)), 409);
  }
  const here = listSearch(new URL(request.url).searchParams);
  const text = `Saved “${values.name}”.`;
  return redirectWithFlash(request, `/inventory/${id}${here}`, { kind: "success", text });
}

export default function EditItem() {
  const { id, values } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const [params] = useSearchParams();
  const here = listSearch(params);
  return (
    <ItemForm
      title="Edit item"
      values={{ ...values, version: problem?.values.version ?? values.version ?? "" }}
      problem={problem}
      action={`/inventory/${id}/edit${here}`}
      cancelTo={`/inventory/${id}${here}`}
    />
  );
}
