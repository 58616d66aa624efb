import type { LoaderFunctionArgs } from "@remix-run/node";
import { requirePermission } from "~/services/auth.server";
import { eventStream } from "~/services/events.server";
import { isId } from "~/services/http.server";
import { inboxOf } from "./inbox.server";
import { isLive } from "./view";

/** Tells when the list that a query asks for shows something else. */
export async function loader(args: LoaderFunctionArgs) {
  await requirePermission(args.request, "view", "event");
  const { searchParams } = new URL(args.request.url);
  // What came before something else stays as it is: 204 tells an EventSource not to ask again (HTML Standard, 9.2.3).
  if (!isLive(searchParams)) return new Response(null, { status: 204 });
  const open = searchParams.get("open") ?? "";
  return eventStream(args, async () => {
    const { version } = await inboxOf(searchParams, isId(open) ? Number(open) : undefined);
    return { data: version, last: false };
  });
}
