import { Form, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { Confirm } from "~/components/confirm";
import { counted } from "~/components/counted";
import { type Page, Pagination } from "~/components/pagination";
import { place } from "~/components/place";
import { RelativeTime } from "~/components/relative-time";

interface TrashPageProps {
  /** What one of them is called. */
  noun: string;
  /** The list that they are out of: `/todos` has `/todos/1/restore` and `/todos/1/erase`. */
  list: string;
  /** Days that they are kept. */
  days: number;
  page: Page;
  rows: { id: number; title: string; deletedAt: Date; done?: boolean }[];
  tabs: ReactNode;
  /** Whether all of them can be deleted for good at once, at `/todos/trash/empty`. */
  mayEmpty?: boolean;
}

/** What was deleted, to be put back or deleted for good. One form for all rows: each button says where it posts. */
export function TrashPage({ noun, list, days, page, rows, tabs, mayEmpty }: TrashPageProps) {
  const [query] = useSearchParams();
  const back = place(query, { from: "trash" });
  return (
    <>
      <div className="head">
        <div>
          <h1>Deleted {noun}s</h1>
          <p>
            {page.total > 0 ? `${counted(page.total, noun)}, kept for ${days} days` : "The trash is empty"}
          </p>
        </div>
      </div>
      <section className="card">
        <header>
          {tabs}
          {mayEmpty && page.total > 0 && (
            <Form method="post" action={`${list}/trash/empty`} className="end">
              <Confirm label="Empty trash">
                <button type="submit" className="button danger">
                  Delete {counted(page.total, noun)} for good
                </button>
              </Confirm>
            </Form>
          )}
        </header>
        {rows.length === 0 ? (
          <p className="empty">What you delete waits here for {days} days, in case you want it back.</p>
        ) : (
          <Form method="post">
            <ul className="rows">
              {rows.map(({ id, title, deletedAt, done }) => (
                <li key={id} className={done ? "done" : undefined}>
                  <span id={`t${id}`}>{title}</span>
                  <RelativeTime at={deletedAt} />
                  <button formAction={`${list}/${id}/restore${back}`} aria-describedby={`t${id}`}>
                    Restore
                  </button>
                  <Confirm label="Delete for good" of={`t${id}`}>
                    <button
                      formAction={`${list}/${id}/erase${back}`}
                      className="button danger"
                      aria-describedby={`t${id}`}
                    >
                      Yes, for good
                    </button>
                  </Confirm>
                </li>
              ))}
            </ul>
          </Form>
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}
