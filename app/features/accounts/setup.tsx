import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData } from "@remix-run/react";
import { z } from "zod";
import { passwordProblem } from "#models/password.server";
import { email, User, UsernameTaken, username, usernameTaken } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm, secretField } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import { startSession } from "~/services/session.server";
import { newPasswordField } from "./new-password.server";
import { NewPasswordFields } from "./password-fields";
import { isSetupToken } from "./setup.server";
import { UsernameField } from "./username-field";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const handle: Handle = { public: true };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Set up");

export async function loader({ params }: LoaderFunctionArgs) {
  if (!(await isSetupToken(params.token))) throw notFound();
  return null;
}

const schema = z.object({
  username,
  email,
  password1: newPasswordField("Enter a password"),
  password2: secretField("Enter the password again"),
});

export async function action({ request, params }: ActionFunctionArgs) {
  if (!(await isSetupToken(params.token))) throw notFound();
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { username, email, password1: password, password2 } = form.value;
  const refuse = (name: string, message: string) => invalid(fieldProblem(form.typed, name, message));
  if (password !== password2) return refuse("password2", "The two passwords differ");
  const weakness = await passwordProblem(password, [username, email]);
  if (weakness) return refuse("password1", weakness);
  const user = await User.addFirstSuperuser({ username, email, password }).catch(usernameTaken);
  if (user instanceof UsernameTaken) return refuse("username", user.message);
  if (!user) throw notFound();
  const headers = { "Set-Cookie": await startSession(request, user) };
  return redirectWithFlash(request, "/", { kind: "success", text: "Welcome. The house is yours." }, headers);
}

export default function Setup() {
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>Make the first superuser</h1>
          <p>A superuser may do everything here. This page works once.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          <UsernameField problem={problem} />
          <Field name="email" label="Email" hint="Optional" problem={problem}>
            {(control) => <input {...control} type="email" autoComplete="email" />}
          </Field>
          <NewPasswordFields first="password1" second="password2" problem={problem} />
          <div className="actions">
            <button type="submit" className="button primary">
              Create superuser
            </button>
          </div>
        </Form>
      </section>
    </>
  );
}
