import type { ActionFunctionArgs } from "@remix-run/node";
import { Document } from "#models/document.server";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";

export async function action({ request, params }: ActionFunctionArgs) {
  const user = await requireUser(request);
  const id = idParam(params.id);
  const title = await Document.moveToTrash(id, user);
  if (title === null) throw notFound();
  return redirectWithFlash(request, "/documents", {
    kind: "success",
    text: `Deleted “${title}”.`,
    action: { label: "Undo", path: `/documents/${id}/restore?at=${id}` },
  });
}
