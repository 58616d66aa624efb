import type { ActionFunctionArgs } from "@remix-run/node";
import { acceptedOf } from "#models/webhook-inbox.server";
import { counted } from "~/components/counted";
import { requirePermission } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { filterOf, processAgain } from "./inbox.server";
import { queryWith } from "./view";

const MOST = 10_000;

export async function action({ request }: ActionFunctionArgs) {
  const user = await requirePermission(request, "change", "event");
  const { searchParams } = new URL(request.url);
  const { filter } = await filterOf(searchParams);
  const found = await acceptedOf(filter, MOST);
  await processAgain(found, user);
  const to = `/webhooks${queryWith(searchParams)}`;
  if (found.length === 0)
    return redirectWithFlash(request, to, { kind: "error", text: "No accepted event matches." });
  return redirectWithFlash(request, to, {
    kind: "success",
    text: `${counted(found.length, "event")} will be processed again.`,
  });
}
