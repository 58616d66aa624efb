import { Form } from "@remix-run/react";
import type { TaskRow } from "#models/task.server";
import { useAtOnce } from "~/components/at-once";
import { place } from "~/components/place";
import { RelativeTime } from "~/components/relative-time";
import { Due } from "./due";

/** The tasks of a filter, without those that a button has just taken out of it. One form for all. */
export function Rows({ tasks, query }: { tasks: TaskRow[]; query: URLSearchParams }) {
  const { onSubmit, pending } = useAtOnce();
  const here = place(query);
  const at = (row?: TaskRow) => place(query, row && { at: String(row.id) });
  const rows = tasks.filter(({ id }) => !pending.some((path) => path.startsWith(`/tasks/${id}/`)));

  return (
    <Form method="post" onSubmit={onSubmit}>
      <ul className="rows tasks">
        {rows.map((task, index) => (
          <Row key={task.id} task={task} here={here} gone={at(rows[index + 1] ?? rows[index - 1])} />
        ))}
      </ul>
    </Form>
  );
}

interface RowProps {
  task: TaskRow;
  here: string;
  /** The place of the row that takes this one's, for what takes this one out of the list. */
  gone: string;
}

/** Fifty of these make a page: plain links, and no class that its place in the row can stand for. */
function Row({ task, here, gone }: RowProps) {
  const { id, title, completed, assignee, dueOn, overdue, createdAt, completedAt } = task;
  const verb = completed ? "reopen" : "complete";
  return (
    <li id={`task-${id}`}>
      <span>
        <a id={`t${id}`} href={`/tasks/${id}`}>
          {title}
        </a>
        {(dueOn || assignee) && (
          <small>
            {dueOn && <Due dueOn={dueOn} overdue={overdue} />}
            {assignee && <span>For {assignee}</span>}
          </small>
        )}
      </span>
      <RelativeTime at={completedAt ?? createdAt} />
      <button formAction={`/tasks/${id}/${verb}${gone}`} aria-describedby={`t${id}`}>
        {completed ? "Reopen" : "Complete"}
      </button>
      <a href={`/tasks/${id}/edit${here}`} aria-describedby={`t${id}`}>
        Edit
      </a>
      <button formAction={`/tasks/${id}/delete${gone}`} aria-describedby={`t${id}`}>
        Delete
      </button>
    </li>
  );
}
