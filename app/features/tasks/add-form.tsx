import { useFetcher } from "@remix-run/react";
import { useRef } from "react";
import { type Refused, useSettled } from "~/components/at-once";
import type { Problem } from "~/components/problem";
import { type People, TaskFields } from "./task-fields";

type Answer = { problem?: Problem } & Partial<Refused>;

/** Adding where one is; `refused` is the problem of a submit without JavaScript. */
export function useAdd(refused: Problem | undefined) {
  const fetcher = useFetcher<Answer>();
  const form = useRef<HTMLFormElement>(null);
  useSettled({ state: fetcher.state, data: fetcher.data }, (data) => {
    if (data) return;
    form.current?.reset();
    form.current?.querySelector("input")?.focus();
  });
  return { fetcher, form, problem: fetcher.data?.problem ?? refused };
}

export function AddForm({
  adding: { fetcher, form, problem },
  people,
  place,
}: {
  adding: ReturnType<typeof useAdd>;
  people: People;
  place: string;
}) {
  return (
    <fetcher.Form
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
