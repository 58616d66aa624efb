import { useFetcher } from "@remix-run/react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { TodoRow } from "#models/todo.server";
import { errorOf } from "~/components/field";
import type { action } from "./edit";

interface RowEditorProps {
  todo: TodoRow;
  place: string;
  onClose(): void;
}

/** A row being edited: Enter saves, Escape cancels. It stays open while the server refuses what it holds. */
export function RowEditor({ todo, place, onClose }: RowEditorProps) {
  const { state, data, submit } = useFetcher<typeof action>();
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(false);
  const error = errorOf(data?.problem, "title");

  useEffect(() => input.current?.select(), []);
  useEffect(() => {
    if (!sent.current || state !== "idle") return;
    sent.current = false;
    if (data?.problem) input.current?.focus();
    else onClose();
  }, [state, data, onClose]);

  function save() {
    sent.current = true;
    submit(
      { title: input.current?.value ?? "" },
      { method: "post", action: `/todos/${todo.id}/edit${place}`, preventScrollReset: true },
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
