import type { ActionFunctionArgs, HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { displayName, email, User } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid, readForm } from "~/services/forms.server";
import { notFound } from "~/services/http.server";
import { confirmPassword, isConfirmed } from "~/services/own-password.server";
import { CurrentPasswordField } from "./password-fields";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Your account");

/** What the refusal says of itself, such as `Retry-After`, goes out with the page. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

const emailOf = async (id: number) =>
  (await User.findByPk(id, { attributes: ["email"], rejectOnEmpty: true })).email;

export async function loader({ request }: LoaderFunctionArgs) {
  const by = await requireUser(request);
  const { username, displayName, groups, isStaff, isSuperuser } = by;
  const email = await emailOf(by.id);
  return { username, displayName, email, groups, isStaff, isSuperuser, asksOwn: !isConfirmed(by) };
}

const schema = z.object({
  display_name: displayName,
  email,
  own_password: z.string().default("").meta({ secret: true }),
});

export async function action({ request }: ActionFunctionArgs) {
  const by = await requireUser(request);
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { display_name: displayName, email, own_password } = form.value;
  // Links that set a new password go there.
  const isDelicate = email !== (await emailOf(by.id)) && !isConfirmed(by);
  const wrong = isDelicate && (await confirmPassword(request, by, "own_password", own_password, form.typed));
  if (wrong) return wrong;
  if (!(await User.changeProfile(by.id, { displayName, email }, by))) throw notFound();
  return redirectWithFlash(request, "/accounts", { kind: "success", text: "Saved." });
}

export default function Account() {
  const account = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const roles = [account.isSuperuser ? "superuser" : account.isStaff && "staff", ...account.groups];
  return (
    <>
      <div className="head">
        <div>
          <h1>Your account</h1>
          <p>{[account.username, ...roles].filter(Boolean).join(" · ")}</p>
        </div>
        <div className="actions">
          <Link className="button" to="/accounts/password_change">
            Change password
          </Link>
          <Link className="button" to="/accounts/sessions">
            Where you are signed in
          </Link>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form method="post" className="pad" noValidate>
          <Field
            name="display_name"
            label="Display name"
            hint="What you are called beside what you do here; empty shows your username"
            problem={problem}
          >
            {(control) => (
              <input
                {...control}
                defaultValue={control.defaultValue ?? account.displayName}
                autoComplete="name"
              />
            )}
          </Field>
          <Field name="email" label="Email" hint="Optional" problem={problem}>
            {(control) => (
              <input
                {...control}
                type="email"
                defaultValue={control.defaultValue ?? account.email}
                autoComplete="email"
              />
            )}
          </Field>
          {account.asksOwn && (
            <CurrentPasswordField
              name="own_password"
              label="Current password"
              hint="Needed to change your email, because password links are sent to it"
              problem={problem}
            />
          )}
          <div className="actions">
            <button type="submit" className="button primary">
              Save
            </button>
          </div>
        </Form>
      </section>
    </>
  );
}
