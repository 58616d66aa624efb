import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useSearchParams } from "@remix-run/react";
import { Item, SkuTaken } from "#models/item.server";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { requirePermission } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid } from "~/services/forms.server";
import { ItemForm } from "./item-form";
import { readNewItem } from "./item-form.server";
import { listSearch } from "./query";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Add item · Inventory");

export async function loader({ request }: LoaderFunctionArgs) {
  await requirePermission(request, "add", "item");
  return null;
}

export async function action({ request }: ActionFunctionArgs) {
  const by = await requirePermission(request, "add", "item");
  const form = await readNewItem(request);
  if (form.problem) return invalid(form.problem);
  try {
    const id = await Item.add(form.values, by);
    const here = listSearch(new URL(request.url).searchParams);
    const text = `Added “${form.values.name}”.`;
    return redirectWithFlash(request, `/inventory/${id}${here}`, { kind: "success", text });
  } catch (error) {
    if (error instanceof SkuTaken) return invalid(fieldProblem(form.typed, "sku", error.message));
    throw error;
  }
}

export default function AddItem() {
  const problem = useActionData<typeof action>()?.problem;
  const [params] = useSearchParams();
  const here = listSearch(params);
  return (
    <ItemForm
      title="Add item"
      problem={problem}
      action={`/inventory/new${here}`}
      cancelTo={`/inventory${here}`}
    >
      <Field name="quantity" label="Quantity" hint="How many there are now" problem={problem}>
        {(control) => <input {...control} inputMode="numeric" autoComplete="off" />}
      </Field>
    </ItemForm>
  );
}
