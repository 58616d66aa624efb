import { useFetcher } from "@remix-run/react";
import { useEffect, useReducer, useRef } from "react";
import { type Answer, useProblem } from "~/components/at-once";
import type { Problem } from "~/components/problem";
import { type People, TaskFields } from "./task-fields";

/** Adding where one is; `refused` is the problem of a submit without JavaScript. */
export function useAdd(refused: Problem | undefined) {
  const fetcher = useFetcher<Answer>();
  const form = useRef<HTMLFormElement>(null);
  // A form of its own for each: `reset` would bring back what was refused before.
  const [added, countAdded] = useReducer((times: number) => times + 1, 0);
  const { state, data } = fetcher;
  const [problem] = useProblem({ state, data }, refused, (answer) => answer || countAdded());
  useEffect(() => {
    if (added > 0) form.current?.querySelector("input")?.focus();
  }, [added]);
  return { fetcher, form, problem, added };
}

export function AddForm({
  adding: { fetcher, form, problem, added },
  people,
  place,
}: {
  adding: ReturnType<typeof useAdd>;
  people: People;
  place: string;
}) {
  return (
    <fetcher.Form
      key={added}
      ref={form}
      method="post"
      action={`/tasks${place}`}
      className="new-task"
      noValidate
      preventScrollReset
    >
      <TaskFields people={people} problem={problem} />
      <button type="submit" className="button primary" disabled={fetcher.state !== "idle"}>
        Add
      </button>
    </fetcher.Form>
  );
}
