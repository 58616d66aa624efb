import type { LoaderFunctionArgs } from "@remix-run/node";
import { Event } from "#models/webhook-event.server";
import { requirePermission } from "~/services/auth.server";
import { idParam, notFound } from "~/services/http.server";

/** The body of an event as it came, to be kept as a file: whoever sent it has chosen every byte. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requirePermission(request, "view", "event");
  const id = idParam(params.id);
  const body = (await Event.withBody(id))?.body;
  if (!body) throw notFound();
  return new Response(new Uint8Array(body), {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="webhook-${id}.bin"`,
      "Cache-Control": "private, no-store",
    },
  });
}
