import type { Show } from "#models/todo.server";

/** Which to-dos a URL of this feature shows: `?show=active`, `?show=completed`, or all. */
export function showOf(query: URLSearchParams): Show {
  const show = query.get("show");
  return show === "active" || show === "completed" ? show : "all";
}

/** "1 to-do", "3 to-dos". */
export const toDos = (count: number, adjective = "") => `${count} ${adjective}to-do${count === 1 ? "" : "s"}`;

/**
 * The part of a query that says where in the list one is, with `more` beside it. Every action carries it and
 * returns there.
 */
export function place(query: URLSearchParams, more: Record<string, string> = {}): string {
  const kept = new URLSearchParams();
  for (const name of ["show", "page"]) {
    const value = query.get(name);
    if (value) kept.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) kept.set(name, value);
  return kept.size > 0 ? `?${kept}` : "";
}

/** Where an action at `url` returns to: the same filter and page, at the row that its `at` names, else at `row`. */
export function backTo(url: string, row?: number): string {
  const { searchParams } = new URL(url);
  const path = searchParams.get("from") === "trash" ? "/todos/trash" : "/todos";
  const at = searchParams.get("at") ?? String(row ?? "");
  return path + place(searchParams) + (/^\d+$/.test(at) ? `#todo-${at}` : "");
}
