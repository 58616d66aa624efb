import type { ActionFunctionArgs, HeadersFunction, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData } from "@remix-run/react";
import { z } from "zod";
import { transaction } from "#models/database.server";
import { email } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid, readForm } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { absolute } from "~/services/http.server";
import { enqueue } from "~/services/jobs.server";
import { takeReset, tooMany } from "~/services/own-password.server";
import { getUser } from "~/services/session.server";
import { mailResetLinks } from "./reset-job.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const handle: Handle = { public: true };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Forgot your password?");

/** What the refusal says of itself, such as `Retry-After`, goes out with the page. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

const schema = z.object({
  email: email.refine((text) => text !== "", "Enter your email address"),
});

/** The same deed and the same words whoever has the address, or nobody. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { email } = form.value;
  const wait = await takeReset(request, email);
  if (wait > 0) return tooMany("email", form.typed, wait);
  const site = absolute(request, "");
  await transaction((transaction) => enqueue(mailResetLinks, { email, site }, { transaction }));
  const text = `If somebody has an account with ${email}, a mail with a link is on its way. It is good for an hour.`;
  // The login would lead who is signed in on to another page, and the message would wait for them in vain.
  const page = (await getUser(request)) ? "/accounts" : "/accounts/login";
  return redirectWithFlash(request, page, { kind: "success", text });
}

export default function PasswordReset() {
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>Forgot your password?</h1>
          <p>We send you a link to set a new one.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          <Field name="email" label="Email" hint="The one that your account has" problem={problem}>
            {(control) => <input {...control} type="email" autoComplete="email" spellCheck={false} />}
          </Field>
          <div className="actions">
            <button type="submit" className="button primary">
              Send the link
            </button>
            <Link className="button" to="/accounts/login">
              Cancel
            </Link>
          </div>
        </Form>
      </section>
    </>
  );
}
