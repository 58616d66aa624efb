import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Session } from "#models/session.server";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { readForm } from "~/services/forms.server";
import { idParam, notFound } from "~/services/http.server";
import { managed } from "./managed.server";
import { SessionRows } from "./session-rows";
import { sessionViews } from "./session-views.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `Sessions of ${data?.username}`);

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { user, by } = await managed(request, params);
  return { id: user.id, username: user.username, sessions: await sessionViews(user.id, by.sessionId) };
}

const schema = z.object({ session: z.string().default("") });

/** Ends one session, or with `all` every one. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { user } = await managed(request, params);
  const form = await readForm(request, schema);
  if (form.problem) throw notFound();
  const { session } = form.value;
  const count =
    session === "all"
      ? await Session.endAll(user.id)
      : Number(await Session.endOne(user.id, idParam(session)));
  const text =
    count > 0 ? `Ended ${count} of ${user.username}’s sessions.` : "That session had ended already.";
  return redirectWithFlash(request, `/admin/accounts/user/${user.id}/sessions`, { kind: "success", text });
}

export default function AdminSessions() {
  const { id, username, sessions } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <h1>Sessions of {username}</h1>
        <div className="actions">
          {sessions.length > 0 && (
            <button type="submit" form="sessions" className="button" name="session" value="all">
              End all
            </button>
          )}
          <Link className="button" to={`/admin/accounts/user/${id}/change`}>
            Back to {username}
          </Link>
        </div>
      </div>
      <section className="card">
        {sessions.length === 0 ? (
          <p className="empty">{username} is signed in nowhere.</p>
        ) : (
          <Form method="post" id="sessions">
            <SessionRows
              sessions={sessions}
              end={(session) => ({ name: "session", value: String(session) })}
              label="End"
            />
          </Form>
        )}
      </section>
    </>
  );
}
