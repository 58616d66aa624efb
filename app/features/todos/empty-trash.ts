import type { ActionFunctionArgs } from "@remix-run/node";
import { Todo } from "#models/todo.server";
import { counted } from "~/components/counted";
import { redirectWithFlash } from "~/services/flash.server";
import { getUser } from "~/services/session.server";

export async function action({ request }: ActionFunctionArgs) {
  const count = await Todo.emptyTrash(await getUser(request));
  return redirectWithFlash(request, "/todos/trash", {
    kind: "success",
    text: `Deleted ${counted(count, "to-do")} for good.`,
  });
}
