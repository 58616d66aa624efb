import type { Show } from "#models/todo.server";
import { backToList } from "~/components/place";

/** Which to-dos a URL of this feature shows: `?show=active`, `?show=completed`, or all. */
export function showOf(query: URLSearchParams): Show {
  const show = query.get("show");
  return show === "active" || show === "completed" ? show : "all";
}

/** Where an action at a URL returns to. */
export const backTo = backToList("/todos", "todo");
