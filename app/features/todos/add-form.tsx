import { Form, useBeforeUnload, useFetcher } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Answer, useProblem } from "~/components/at-once";
import { errorOf } from "~/components/field";
import type { Problem } from "~/components/problem";
import { submitOnEnter } from "~/components/submit-on-enter";

/**
 * Adding without waiting: what is submitted shows at once, is sent in turn, and comes back into the field
 * where the server refuses it. `refused` is the problem of a submit without JavaScript.
 */
export function useAdd(refused: Problem | undefined) {
  const { state, data, submit } = useFetcher<Answer>();
  const field = useRef<HTMLTextAreaElement>(null);
  const [waiting, setWaiting] = useState<{ text: string; path: string }[]>([]);
  const [next] = waiting;

  useEffect(() => {
    if (next) submit({ title: next.text }, { method: "post", action: next.path, preventScrollReset: true });
  }, [next, submit]);
  const [problem, setProblem] = useProblem({ state, data }, refused, (answer) => {
    setWaiting((all) => all.slice(1));
    if (!answer || !next) return;
    if (field.current) field.current.value = [next.text, field.current.value].filter(Boolean).join("\n");
  });

  useBeforeUnload((event) => {
    if (next) event.preventDefault();
  });

  return {
    problem,
    field,
    /** What is on its way, as it will be listed. */
    titles: waiting.toReversed().flatMap(({ text }) => text.split("\n").filter((title) => title.trim())),
    add(text: string, path: string) {
      setProblem(undefined);
      setWaiting((all) => [...all, { text, path }]);
    },
  };
}

/** One line adds one; a pasted list adds all of its lines. */
export function AddForm({ adding, place }: { adding: ReturnType<typeof useAdd>; place: string }) {
  const { problem, field, add } = adding;
  const error = errorOf(problem, "title");
  const path = `/todos${place}`;

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (!field.current) return;
    add(field.current.value, path);
    field.current.value = "";
  }

  return (
    <Form method="post" action={path} className="add" noValidate onSubmit={onSubmit}>
      <textarea
        id="title"
        name="title"
        rows={1}
        ref={field}
        defaultValue={problem?.values.title}
        placeholder="What needs doing? Paste several lines to add several."
        aria-label="New to-do"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "title-error" : undefined}
        onKeyDown={submitOnEnter}
      />
      <button type="submit" className="button primary">
        Add
      </button>
      {error && (
        <span className="error" id="title-error">
          {error}
        </span>
      )}
    </Form>
  );
}
