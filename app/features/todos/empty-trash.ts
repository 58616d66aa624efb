import type { ActionFunctionArgs } from "@remix-run/node";
import { Todo } from "#models/todo.server";
import { redirectWithFlash } from "~/services/flash.server";
import { getUser } from "~/services/session.server";
import { toDos } from "./view";

export async function action({ request }: ActionFunctionArgs) {
  const count = await Todo.emptyTrash(await getUser(request));
  return redirectWithFlash(request, "/todos/trash", {
    kind: "success",
    text: `Deleted ${toDos(count)} for good.`,
  });
}
