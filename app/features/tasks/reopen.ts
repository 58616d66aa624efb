import type { ActionFunctionArgs } from "@remix-run/node";
import { Task } from "#models/task.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  const outcome = await Task.reopen(id, await getUser(request));
  if (!outcome) throw notFound();
  const { title, changed } = outcome;
  const text = changed ? `Reopened “${title}”.` : `“${title}” was open already.`;
  return redirectWithFlash(request, backTo(request.url, id), { kind: "success", text });
}
