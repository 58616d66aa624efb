import type { ActionFunctionArgs } from "@remix-run/node";
import { Todo } from "#models/todo.server";
import { idParam, notFound, safeRedirect } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request, params }: ActionFunctionArgs) {
  const id = idParam(params.id);
  if (!(await Todo.toggle(id, await getUser(request)))) throw notFound();
  return safeRedirect(backTo(request.url, id));
}
