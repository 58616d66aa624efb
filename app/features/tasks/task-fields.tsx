import { Link } from "@remix-run/react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

/** Undefined where one may choose nobody, null where they are too many to list. */
export type People = { username: string; name: string }[] | null | undefined;

interface TaskFieldsProps {
  values?: { title: string; dueOn: string | null; username: string | null; assignee: string | null };
  people: People;
  problem: Problem | undefined;
}

export const LABELS = { title: "Task", due_on: "Due", assignee: "Assignee" };

/** What is written of a task. */
export function TaskFields({ values, people, problem }: TaskFieldsProps) {
  return (
    <>
      <Field name="title" label={LABELS.title} problem={problem}>
        {(control) => (
          <input {...control} defaultValue={control.defaultValue ?? values?.title} autoComplete="off" />
        )}
      </Field>
      <Field name="due_on" label={LABELS.due_on} problem={problem}>
        {(control) => (
          <input {...control} type="date" defaultValue={control.defaultValue ?? values?.dueOn ?? undefined} />
        )}
      </Field>
      {people === undefined ? (
        <p className="field" id="assignee">
          <small>
            <Link to="/accounts/login?next=/tasks">Sign in</Link> to give it to somebody.
          </small>
        </p>
      ) : (
        <Assignee values={values} people={people} problem={problem} />
      )}
    </>
  );
}

function Assignee({
  values,
  people,
  problem,
}: Omit<TaskFieldsProps, "people"> & { people: NonNullable<People> | null }) {
  const now = values?.username ?? "";
  if (people === null)
    return (
      <Field name="assignee" label={LABELS.assignee} hint="Their username, or nothing" problem={problem}>
        {(control) => <input {...control} defaultValue={control.defaultValue ?? now} autoComplete="off" />}
      </Field>
    );
  // Who has it already may not be among them any more.
  const isListed = now === "" || people.some(({ username }) => username === now);
  const listed = isListed ? people : [...people, { username: now, name: values?.assignee ?? now }];
  return (
    <Field name="assignee" label={LABELS.assignee} problem={problem}>
      {(control) => (
        <select {...control} defaultValue={control.defaultValue ?? now}>
          <option value="">Nobody</option>
          {listed.map(({ username, name }) => (
            <option key={username} value={username}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
