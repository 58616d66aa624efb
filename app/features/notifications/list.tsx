import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { MOST_UNSEEN, Notification } from "#models/notification.server";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import { RelativeTime } from "~/components/relative-time";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { readForm } from "~/services/forms.server";
import { badRequest, isId } from "~/services/http.server";
import { paginate } from "~/services/paginate.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

const PER_PAGE = 50;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Notifications");

export async function loader({ request }: LoaderFunctionArgs) {
  const { id, unseen } = await requireUser(request);
  const [newest] = await Notification.list(id, { offset: 0, limit: 1 });
  const page = paginate(
    new URL(request.url).searchParams.get("page"),
    await Notification.countFor(id),
    PER_PAGE,
  );
  return {
    unseen: unseen < MOST_UNSEEN ? String(unseen) : `${MOST_UNSEEN} or more`,
    newest: newest?.id ?? 0,
    page,
    notifications: await Notification.list(id, page),
  };
}

const schema = z.object({ newest: z.string().refine(isId) });

export async function action({ request }: ActionFunctionArgs) {
  const { id } = await requireUser(request);
  const form = await readForm(request, schema);
  if (form.problem) throw badRequest();
  // Up to what the page showed: what has come since is still new.
  await Notification.markSeen(id, Number(form.value.newest));
  return redirectWithFlash(request, "/notifications", { kind: "success", text: "All are marked as read." });
}

export default function Notifications() {
  const { unseen, newest, page, notifications } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>Notifications</h1>
          <p>{unseen === "0" ? "Nothing new" : `${unseen} new`}</p>
        </div>
        {unseen !== "0" && (
          <Form method="post" action="/notifications" className="actions">
            <button type="submit" className="button" name="newest" value={newest}>
              Mark all as read
            </button>
          </Form>
        )}
      </div>
      <section className="card">
        {notifications.length === 0 ? (
          <p className="empty">Nothing has happened yet that you should know of.</p>
        ) : (
          <ul className="rows">
            {notifications.map(({ id, text, path, createdAt, isNew }) => (
              <li key={id}>
                <span>
                  <Link to={path}>{text}</Link>
                </span>
                {isNew && <b className="badge">New</b>}
                <RelativeTime at={createdAt} />
              </li>
            ))}
          </ul>
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}
