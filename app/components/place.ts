/** Where in a list one is, as its URLs say it. */

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

/**
 * Where an action at `url` returns to, for rows called `row` of the list at `list`: the same filter and page, at the
 * row that its `at` names, else at `id`. `?from=trash` leads back to the trash, `?from=page` to the page of `id`.
 */
export const backToList = (list: string, row: string) => (url: string, id?: number) => {
  const { searchParams } = new URL(url);
  const from = searchParams.get("from");
  if (from === "page" && id) return `${list}/${id}`;
  const at = searchParams.get("at") ?? String(id ?? "");
  const path = from === "trash" ? `${list}/trash` : list;
  return path + place(searchParams) + (/^\d+$/.test(at) ? `#${row}-${at}` : "");
};
