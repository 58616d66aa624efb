import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { Todo } from "#models/todo.server";
import { counted } from "~/components/counted";
import { redirectWithFlash } from "~/services/flash.server";
import { notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { backTo } from "./view";

/** Postgres knows no year 0. */
const deletedAt = z.iso
  .datetime()
  .refine((text) => !text.startsWith("0000"))
  .transform((text) => new Date(text));

export async function action({ request }: ActionFunctionArgs) {
  const at = deletedAt.safeParse(new URL(request.url).searchParams.get("deleted"));
  const count = at.success ? await Todo.restoreCompleted(at.data, await getUser(request)) : 0;
  if (count === 0) throw notFound();
  return redirectWithFlash(request, backTo(request.url), {
    kind: "success",
    text: `Restored ${counted(count, "to-do")}.`,
  });
}
