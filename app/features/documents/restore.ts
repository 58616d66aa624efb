import type { ActionFunctionArgs } from "@remix-run/node";
import { Document } from "#models/document.server";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const user = await requireUser(request);
  const title = await Document.restoreOne(idParam(params.id), user);
  if (title === null) throw notFound();
  return redirectWithFlash(request, backTo(request.url), { kind: "success", text: `Restored “${title}”.` });
}
