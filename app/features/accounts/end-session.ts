import type { ActionFunctionArgs } from "@remix-run/node";
import { Session } from "#models/session.server";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";

export async function action({ request, params }: ActionFunctionArgs) {
  const user = await requireUser(request);
  if (!(await Session.endOne(user.id, idParam(params.id)))) throw notFound();
  return redirectWithFlash(request, "/accounts/sessions", { kind: "success", text: "Signed out there." });
}
