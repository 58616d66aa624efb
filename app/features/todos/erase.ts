import type { ActionFunctionArgs } from "@remix-run/node";
import { Todo } from "#models/todo.server";
import { redirectWithFlash } from "~/services/flash.server";
import { idParam, notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const title = await Todo.eraseOne(idParam(params.id), await getUser(request));
  if (title === null) throw notFound();
  return redirectWithFlash(request, backTo(request.url), {
    kind: "success",
    text: `Deleted “${title}” for good.`,
  });
}
