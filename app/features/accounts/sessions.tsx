import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Session } from "#models/session.server";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { requireUser } from "~/services/auth.server";
import { deviceName } from "./device-name.server";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Where you are signed in");

export async function loader({ request }: LoaderFunctionArgs) {
  const { id, sessionId } = await requireUser(request);
  const sessions = await Session.of(id);
  return {
    sessions: sessions.map(({ userAgent, ...session }) => ({
      ...session,
      device: deviceName(userAgent),
      isThis: session.id === sessionId,
    })),
  };
}

export default function Sessions() {
  const { sessions } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>Where you are signed in</h1>
          <p>Sign out what you do not know, then change your password.</p>
        </div>
        {sessions.length > 1 && (
          <Form method="post" action="/accounts/sessions/end_others" className="actions">
            <button type="submit" className="button">
              Sign out everywhere else
            </button>
          </Form>
        )}
      </div>
      <section className="card">
        <Form method="post">
          <ul className="rows">
            {sessions.map(({ id, device, ip, seenAt, isThis }) => (
              <li key={id}>
                <span id={`session-${id}`}>
                  {device} {ip && <small>{ip}</small>} {isThis && <span className="badge">This one</span>}
                </span>
                <RelativeTime at={seenAt} />
                {!isThis && (
                  <button formAction={`/accounts/sessions/${id}/end`} aria-describedby={`session-${id}`}>
                    Sign out
                  </button>
                )}
              </li>
            ))}
          </ul>
        </Form>
      </section>
    </>
  );
}
