import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { Todo } from "#models/todo.server";
import { counted } from "~/components/counted";
import { redirectWithFlash } from "~/services/flash.server";
import { readForm } from "~/services/forms.server";
import { badRequest } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

const schema = z.object({ done: z.enum(["true", "false"]) });

export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request, schema);
  if (form.problem) throw badRequest();
  const done = form.value.done === "true";
  const count = await Todo.toggleAll(done, await getUser(request));
  return redirectWithFlash(request, backTo(request.url), {
    kind: "success",
    text: `${done ? "Completed" : "Reopened"} ${counted(count, "to-do")}.`,
  });
}
