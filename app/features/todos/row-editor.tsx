import { useFetcher } from "@remix-run/react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { TodoRow } from "#models/todo.server";
import { type Answer, useSettled } from "~/components/at-once";
import { errorOf } from "~/components/field";

interface RowEditorProps {
  todo: TodoRow;
  place: string;
  onClose(): void;
}

/**
 * A row being edited: Enter saves, Escape cancels. It stays open while the server refuses what it holds; when it
 * closes and the focus was in it, that is where it was opened.
 */
export function RowEditor({ todo, place, onClose }: RowEditorProps) {
  const { state, data, submit } = useFetcher<Answer>();
  const path = `/todos/${todo.id}/edit`;
  const input = useRef<HTMLInputElement>(null);
  const error = errorOf(data?.problem, "title");

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
    return () => {
      const { activeElement, body } = document;
      if (activeElement === body) document.querySelector<HTMLElement>(`#todo-${todo.id} a`)?.focus();
    };
  }, [todo.id]);
  useSettled({ state, data }, (refused) => (refused ? input.current?.focus() : onClose()));

  function save() {
    submit(
      { title: input.current?.value ?? "" },
      { method: "post", action: path + place, preventScrollReset: true },
    );
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    if (event.key === "Enter") save();
    else onClose();
  }

  return (
    <li id={`todo-${todo.id}`} className="editing">
      <input
        ref={input}
        defaultValue={todo.title}
        aria-label="Title"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "edit-error" : undefined}
        onKeyDown={onKeyDown}
      />
      {/* Remix asks for what it needs to post there as soon as it sees a link, so that saving does not have to. */}
      <a href={path} hidden data-discover="true">
        Edit
      </a>
      <button type="button" className="button primary" onClick={save} disabled={state !== "idle"}>
        Save
      </button>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      {error && (
        <span className="error" id="edit-error" role="alert">
          {error}
        </span>
      )}
    </li>
  );
}
