import { Form } from "@remix-run/react";
import { type MouseEvent, useState } from "react";
import type { Show, TodoRow } from "#models/todo.server";
import type { useAtOnce } from "~/components/at-once";
import { place } from "~/components/place";
import { RelativeTime } from "~/components/relative-time";
import { RowEditor } from "./row-editor";

interface RowsProps {
  atOnce: ReturnType<typeof useAtOnce>;
  todos: TodoRow[];
  /** Titles that are on their way to the server. */
  added: string[];
  show: Show;
  query: URLSearchParams;
}

/** The to-dos as they will be once what is under way has arrived. One form for all: each button says where it posts. */
export function Rows({ atOnce: { onSubmit, pending }, todos, added, show, query }: RowsProps) {
  const [editing, setEditing] = useState<number | null>(null);
  const here = place(query);
  const at = (row?: TodoRow) => place(query, row && { at: String(row.id) });
  const under = (verb: string, id: number) =>
    pending.filter((path) => path.startsWith(`/todos/${id}/${verb}`)).length;
  const rows = todos
    .filter(({ id }) => under("delete", id) === 0)
    .map((todo) => (under("toggle", todo.id) % 2 === 1 ? { ...todo, done: !todo.done } : todo))
    .filter(({ done }) => show === "all" || done === (show === "completed"));

  /** Edits in place what would otherwise be a page of its own. */
  function onClick(event: MouseEvent) {
    const link = (event.target as Element).closest("a");
    const [, id] = link?.pathname.match(/^\/todos\/(\d+)\/edit$/) ?? [];
    if (!id || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setEditing(Number(id));
  }

  return (
    <Form method="post" onSubmit={onSubmit} onClick={onClick}>
      <ul className="rows todos">
        {added.map((title, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are not in the database yet.
          <li key={`added-${index}`} className="pending">
            <label>
              <button disabled aria-pressed={false} />
              {title}
            </label>
          </li>
        ))}
        {rows.map((todo, index) =>
          todo.id === editing ? (
            <RowEditor key={todo.id} todo={todo} place={here} onClose={() => setEditing(null)} />
          ) : (
            <Row
              key={todo.id}
              todo={todo}
              here={here}
              gone={at(rows[index + 1] ?? rows[index - 1])}
              stays={show === "all"}
            />
          ),
        )}
      </ul>
    </Form>
  );
}

interface RowProps {
  todo: TodoRow;
  here: string;
  /** The place of the row that takes this one's, for what takes this one out of the list. */
  gone: string;
  /** A toggled row stays in the list. */
  stays: boolean;
}

/** Fifty of these make a page, so it has no class that its place in the row can stand for. */
function Row({ todo: { id, title, done, createdAt }, here, gone, stays }: RowProps) {
  return (
    <li id={`todo-${id}`}>
      <label>
        <button formAction={`/todos/${id}/toggle${stays ? here : gone}`} aria-pressed={done} />
        {title}
      </label>
      <RelativeTime at={createdAt} />
      <a href={`/todos/${id}/edit${here}`}>Edit</a>
      <button formAction={`/todos/${id}/delete${gone}`}>Delete</button>
    </li>
  );
}
