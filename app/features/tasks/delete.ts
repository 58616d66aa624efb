import type { ActionFunctionArgs } from "@remix-run/node";
import { Task } from "#models/task.server";
import { place } from "~/components/place";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const title = await Task.moveToTrash(id, await getUser(request));
  if (title === null) throw notFound();
  const { searchParams } = new URL(request.url);
  return redirectWithFlash(request, backTo(request.url), {
    kind: "success",
    text: `Deleted “${title}”.`,
    action: { label: "Undo", path: `/tasks/${id}/restore${place(searchParams, { at: String(id) })}` },
  });
}
