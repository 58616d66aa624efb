import { Form } from "@remix-run/react";
import { RelativeTime } from "~/components/relative-time";

interface TrashedRowsProps {
  rows: { id: number; title: string; deletedAt: Date; done?: boolean }[];
  /** Days that they are kept. */
  days: number;
  /** What can be done with each. */
  verbs: { label: string; path(id: number): string }[];
}

/** What was deleted, with a button for each verb. One form for all: each button says where it posts. */
export function TrashedRows({ rows, days, verbs }: TrashedRowsProps) {
  if (rows.length === 0)
    return <p className="empty">What you delete waits here for {days} days, in case you want it back.</p>;
  return (
    <Form method="post">
      <ul className="rows">
        {rows.map(({ id, title, deletedAt, done }) => (
          <li key={id} className={done ? "done" : undefined}>
            <span id={`t${id}`}>{title}</span>
            <RelativeTime at={deletedAt} />
            {verbs.map(({ label, path }) => (
              <button key={label} formAction={path(id)} aria-describedby={`t${id}`}>
                {label}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </Form>
  );
}
