import type { ActionFunctionArgs } from "@remix-run/node";
import { Event } from "#models/webhook-event.server";
import { requirePermission } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { processAgain } from "./inbox.server";
import { queryWith } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const user = await requirePermission(request, "change", "event");
  const id = idParam(params.id);
  const event = await Event.findByPk(id, { attributes: ["id", "provider", "event", "refusal"] });
  if (!event) throw notFound();
  const to = `/webhooks/events/${id}${queryWith(new URL(request.url).searchParams)}`;
  if (event.refusal)
    return redirectWithFlash(request, to, { kind: "error", text: "It was refused: it is not processed." });
  await processAgain([event], user);
  return redirectWithFlash(request, to, { kind: "success", text: "It will be processed again." });
}
