import type { ActionFunctionArgs } from "@remix-run/node";
import { Task } from "#models/task.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const title = await Task.eraseOne(idParam(params.id), await getUser(request));
  if (title === null) throw notFound();
  const text = `Deleted “${title}” for good.`;
  return redirectWithFlash(request, backTo(request.url), { kind: "success", text });
}
