import type { ActionFunctionArgs, HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { USERNAME_MAX, User } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { invalid, readForm, secretField } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { safeRedirect } from "~/services/http.server";
import { getUser, startSession } from "~/services/session.server";
import { CurrentPasswordField } from "./password-fields";
import { signIn } from "./sign-in.server";
import { UsernameField } from "./username-field";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const handle: Handle = { public: true };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Sign in");

/** What the refusal says of itself, such as `Retry-After`, goes out with the page. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

const next = (request: Request) => new URL(request.url).searchParams.get("next");

export async function loader({ request }: LoaderFunctionArgs) {
  if (await getUser(request)) throw safeRedirect(next(request));
  return { isNew: !(await User.hasSuperuser()) };
}

const schema = z.object({
  username: z
    .string("Enter your username")
    .trim()
    .min(1, "Enter your username")
    .max(USERNAME_MAX, "That is too long for a username"),
  password: secretField("Enter your password"),
});

export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request.clone(), schema);
  if (form.problem) return invalid(form.problem);
  const { user, refused } = await signIn(request, form.value.username, form.typed);
  if (refused) return refused;
  return safeRedirect(next(request), { headers: { "Set-Cookie": await startSession(request, user) } });
}

export default function Login() {
  const { isNew } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>Sign in</h1>
          {isNew && (
            <p>There is no superuser yet. The link that makes one is in what the server has printed.</p>
          )}
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          <UsernameField problem={problem} />
          <CurrentPasswordField name="password" label="Password" problem={problem} />
          <div className="actions">
            <button type="submit" className="button primary">
              Sign in
            </button>
            <Link to="/accounts/password_reset">Forgot your password?</Link>
          </div>
        </Form>
      </section>
    </>
  );
}
