import { Form, useFetchers, useSubmit } from "@remix-run/react";
import { type FormEvent, type MouseEvent, useState } from "react";
import type { Show, TodoRow } from "#models/todo.server";
import { RelativeTime } from "~/components/relative-time";
import { RowEditor } from "./row-editor";
import { place } from "./view";

interface RowsProps {
  todos: TodoRow[];
  /** Titles that are on their way to the server. */
  added: string[];
  show: Show;
  query: URLSearchParams;
}

/** The to-dos as they will be once what is under way has arrived. One form for all: each button says where it posts. */
export function Rows({ todos, added, show, query }: RowsProps) {
  const submit = useSubmit();
  const pending = usePending();
  const [editing, setEditing] = useState<number | null>(null);
  const here = place(query);
  const rows = todos
    .filter(({ id }) => !pending.deleted.has(id))
    .map((todo) => (pending.toggled.has(todo.id) ? { ...todo, done: !todo.done } : todo))
    .filter(({ done }) => show === "all" || done === (show === "completed"));

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement;
    const { pathname, search } = new URL(button.formAction);
    event.preventDefault();
    submit(null, {
      method: "post",
      action: pathname + search,
      navigate: false,
      fetcherKey: pathname,
      preventScrollReset: true,
    });
  }

  /** Edits in place what would otherwise be a page of its own. */
  function onClick(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-edit]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setEditing(Number(link.dataset.edit));
  }

  return (
    <Form method="post" onSubmit={onSubmit} onClick={onClick}>
      <ul className="rows todos">
        {added.map((title, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are not in the database yet.
          <li key={`added-${index}`} className="pending">
            <span className="tick" />
            <span className="title">{title}</span>
          </li>
        ))}
        {rows.map((todo, index) =>
          todo.id === editing ? (
            <RowEditor key={todo.id} todo={todo} place={here} onClose={() => setEditing(null)} />
          ) : (
            <Row key={todo.id} todo={todo} here={here} next={(rows[index + 1] ?? rows[index - 1])?.id} stays={show === "all"} />
          ),
        )}
      </ul>
    </Form>
  );
}

/** What the server has not confirmed yet. */
function usePending() {
  const toggled = new Set<number>();
  const deleted = new Set<number>();
  for (const { formAction } of useFetchers()) {
    const [, id, verb] = formAction?.match(/^\/todos\/(\d+)\/(toggle|delete)/) ?? [];
    if (verb) (verb === "toggle" ? toggled : deleted).add(Number(id));
  }
  return { toggled, deleted };
}

interface RowProps {
  todo: TodoRow;
  here: string;
  /** The row that takes this one's place when it leaves the list. */
  next: number | undefined;
  /** A toggled row stays in the list. */
  stays: boolean;
}

function Row({ todo: { id, title, done, createdAt }, here, next, stays }: RowProps) {
  const at = (row: number | undefined) => (row ? `${here ? `${here}&` : "?"}at=${row}` : here);
  return (
    <li id={`todo-${id}`} className={done ? "done" : undefined}>
      <button
        type="submit"
        className="tick"
        formAction={`/todos/${id}/toggle${at(stays ? id : next)}`}
        aria-pressed={done}
        aria-labelledby={`t${id}`}
      />
      <span className="title" id={`t${id}`}>
        {title}
      </span>
      <span className="end">
        <RelativeTime at={createdAt} />
        <a className="button quiet" href={`/todos/${id}/edit${at(id)}`} data-edit={id} aria-describedby={`t${id}`}>
          Edit
        </a>
        <button type="submit" className="button quiet" formAction={`/todos/${id}/delete${at(next)}`} aria-describedby={`t${id}`}>
          Delete
        </button>
      </span>
    </li>
  );
}
