import type { Show } from "#models/task.server";
import { backToList } from "~/components/place";

/** Which tasks a URL of this feature shows: `?show=mine`, `overdue` or `done`, else the open ones. */
export function showOf(query: URLSearchParams): Show {
  const show = query.get("show");
  return show === "mine" || show === "overdue" || show === "done" ? show : "open";
}

/** Where an action at a URL returns to. */
export const backTo = backToList("/tasks", "task");
