import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { pageTitle } from "~/components/page-title";
import { requireUser } from "~/services/auth.server";
import { SessionRows } from "./session-rows";
import { sessionViews } from "./session-views.server";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Where you are signed in");

export async function loader({ request }: LoaderFunctionArgs) {
  const { id, sessionId } = await requireUser(request);
  return { sessions: await sessionViews(id, sessionId) };
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
          <SessionRows
            sessions={sessions}
            end={(id) => ({ formAction: `/accounts/sessions/${id}/end` })}
            label="Sign out"
          />
        </Form>
      </section>
    </>
  );
}
