import type { ActionFunctionArgs } from "@remix-run/node";
import { Todo } from "#models/todo.server";
import { counted } from "~/components/counted";
import { place } from "~/components/place";
import { redirectWithFlash } from "~/services/flash.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

export async function action({ request }: ActionFunctionArgs) {
  const { count, at } = await Todo.trashCompleted(await getUser(request));
  const { searchParams } = new URL(request.url);
  const undo = `/todos/restore-completed${place(searchParams, { deleted: at.toISOString() })}`;
  return redirectWithFlash(request, backTo(request.url), {
    kind: "success",
    text: `Deleted ${counted(count, "completed to-do")}.`,
    action: count > 0 ? { label: "Undo", path: undo } : undefined,
  });
}
