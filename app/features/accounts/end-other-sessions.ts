import type { ActionFunctionArgs } from "@remix-run/node";
import { Session } from "#models/session.server";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";

export async function action({ request }: ActionFunctionArgs) {
  const { id, sessionId } = await requireUser(request);
  const count = await Session.endAll(id, sessionId);
  const text = count > 0 ? "You are signed out everywhere else." : "You were signed in nowhere else.";
  return redirectWithFlash(request, "/accounts/sessions", { kind: "success", text });
}
