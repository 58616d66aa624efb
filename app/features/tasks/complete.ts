import type { ActionFunctionArgs } from "@remix-run/node";
import { Task } from "#models/task.server";
import { place } from "~/components/place";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { announcedBy } from "./notify.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const by = await getUser(request);
  const outcome = await Task.complete(id, by, announcedBy(by));
  if (!outcome) throw notFound();
  const { title, changed } = outcome;
  const { searchParams } = new URL(request.url);
  const from = searchParams.get("from");
  const undo = `/tasks/${id}/reopen${place(searchParams, from === "page" ? { from } : { at: String(id) })}`;
  return redirectWithFlash(request, backTo(request.url, id), {
    kind: "success",
    text: changed ? `Completed “${title}”.` : `“${title}” was completed already.`,
    action: changed ? { label: "Undo", path: undo } : undefined,
  });
}
