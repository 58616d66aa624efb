import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Notification } from "#models/notification.server";
import { Task } from "#models/task.server";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { idParam, notFound } from "~/services/http.server";
import { progressOf } from "~/services/jobs.server";
import { getUser } from "~/services/session.server";
import { Due } from "./due";
import { completionKey, notifyTaskCompleted } from "./notify.server";
import { NotificationProgress } from "./progress";
import stylesheet from "./tasks.css?url";

const MOST_TOLD = 20;

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data?.task.title ?? "Task");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const task = await Task.find(idParam(params.id));
  if (!task) throw notFound();
  const { id, completedAt } = task;
  const found = completedAt && (await progressOf(notifyTaskCompleted, completionKey(id, completedAt)));
  // What went wrong inside is for those who can mend it.
  const isStaff = Boolean((await getUser(request))?.isStaff);
  const progress = found && { ...found, error: isStaff ? found.error : null };
  return { task, progress, told: await Notification.leadingTo(`/tasks/${id}`, MOST_TOLD) };
}

export default function TaskPage() {
  const { task, progress, told } = useLoaderData<typeof loader>();
  const { id, title, completed, assignee, dueOn, overdue, createdAt, completedAt } = task;
  const verb = completed ? "reopen" : "complete";
  return (
    <>
      <div className="head">
        <div>
          <h1>{title}</h1>
          <p>{completed ? "Done" : "Open"}</p>
        </div>
        <Form method="post" className="actions">
          <button
            formAction={`/tasks/${id}/${verb}?from=page`}
            className={completed ? "button" : "button primary"}
          >
            {completed ? "Reopen" : "Complete"}
          </button>
          <Link className="button" to={`/tasks/${id}/edit?from=page`}>
            Edit
          </Link>
          <button formAction={`/tasks/${id}/delete`} className="button">
            Delete
          </button>
        </Form>
      </div>
      <section className="card">
        <dl className="facts">
          <dt>Assignee</dt>
          <dd>{assignee ?? "Nobody"}</dd>
          <dt>Due</dt>
          <dd>{dueOn ? <Due dueOn={dueOn} overdue={overdue} label="" /> : "No date"}</dd>
          <dt>Added</dt>
          <dd>
            <RelativeTime at={createdAt} />
          </dd>
          {completedAt && (
            <>
              <dt>Completed</dt>
              <dd>
                <RelativeTime at={completedAt} />
              </dd>
            </>
          )}
        </dl>
      </section>
      {progress && <NotificationProgress path={`/tasks/${id}/events`} progress={progress} />}
      {told.length > 0 && (
        <section className="card" aria-labelledby="told">
          <header>
            <h2 id="told">What others were told</h2>
          </header>
          <ul className="rows">
            {told.map(({ id, text, createdAt }) => (
              <li key={id}>
                <span>{text}</span>
                <RelativeTime at={createdAt} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p>
        <Link to="/tasks">All tasks</Link>
      </p>
    </>
  );
}
