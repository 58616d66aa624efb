import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Session } from "#models/session.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm, secretField } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { endSession } from "~/services/session.server";
import { newPasswordField } from "./new-password.server";
import { NewPasswordFields } from "./password-fields";
import { userOfToken } from "./reset-token.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const handle: Handle = { public: true };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Set a new password");

/** The address opens the account: nobody is told that somebody came from here, and nobody keeps the page. */
export const headers: HeadersFunction = () => ({
  "Referrer-Policy": "strict-origin",
  "Cache-Control": "no-store",
});

export async function loader({ params }: LoaderFunctionArgs) {
  const user = await userOfToken(params.token);
  return user ? data({ username: user.username }) : data({ username: null }, { status: 404 });
}

const schema = z.object({
  password1: newPasswordField("Enter a new password"),
  password2: secretField("Enter the new password again"),
});

export async function action({ request, params }: ActionFunctionArgs) {
  const user = await userOfToken(params.token);
  if (!user) return noGood();
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { password1, password2 } = form.value;
  if (password1 !== password2) return invalid(fieldProblem({}, "password2", "The two new passwords differ"));
  const weakness = await user.passwordProblem(password1);
  if (weakness) return invalid(fieldProblem({}, "password1", weakness));
  if (!(await Session.resetPassword(user, password1))) return noGood();
  const headers = { "Set-Cookie": await endSession(request) };
  const text = "Your password is changed, and you are signed out everywhere. Sign in with the new one.";
  return redirectWithFlash(request, "/accounts/login", { kind: "success", text }, headers);
}

/** The link is old, used or damaged: the page says so. */
const noGood = () => data({ problem: undefined, noGood: true }, { status: 404 });

export default function Reset() {
  const { username } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (!username || (answer && "noGood" in answer)) return <NoGood />;
  const problem = answer?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>Set a new password</h1>
          <p>For {username}. You are then signed out everywhere, and sign in with it.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          {/* For what keeps passwords, to know whose it is. */}
          <input type="hidden" name="username" value={username} autoComplete="username" />
          <NewPasswordFields first="password1" second="password2" problem={problem} />
          <div className="actions">
            <button type="submit" className="button primary">
              Set password
            </button>
          </div>
        </Form>
      </section>
    </>
  );
}

function NoGood() {
  return (
    <>
      <h1>This link does not work any more</h1>
      <p>
        A link is good once, for an hour, and only while you have not signed in since. Perhaps it was cut in
        the mail.
      </p>
      <div className="actions">
        <Link className="button primary" to="/accounts/password_reset">
          Send me another
        </Link>
      </div>
    </>
  );
}
