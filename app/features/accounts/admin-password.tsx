import type { ActionFunctionArgs, HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Session } from "#models/session.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm, secretField } from "~/services/forms.server";
import { confirmPassword, isConfirmed } from "~/services/own-password.server";
import { managed } from "./managed.server";
import { newPasswordField } from "./new-password.server";
import { PasswordForm } from "./password-fields";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `New password for ${data?.username}`);

/** What the refusal says of itself, such as `Retry-After`, goes out with the page. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { user, by } = await managed(request, params);
  return { id: user.id, username: user.username, asksOwn: !isConfirmed(by) };
}

const schema = z.object({
  own_password: z.string().default("").meta({ secret: true }),
  password1: newPasswordField("Enter a new password"),
  password2: secretField("Enter the new password again"),
});

export async function action({ request, params }: ActionFunctionArgs) {
  const { user, by } = await managed(request, params);
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { own_password, password1, password2 } = form.value;
  const wrong = isConfirmed(by) ? null : await confirmPassword(request, by, "own_password", own_password);
  if (wrong) return wrong;
  if (password1 !== password2) return invalid(fieldProblem({}, "password2", "The two new passwords differ"));
  const weakness = await user.passwordProblem(password1);
  if (weakness) return invalid(fieldProblem({}, "password1", weakness));
  const ended = await Session.changePassword(user, password1, by);
  if (ended === null) {
    const message =
      "The password was changed meanwhile. Enter a new one again if there is still to be another";
    return invalid(fieldProblem({}, "password1", message));
  }
  const text = `${user.username} has a new password and is signed out everywhere.`;
  return redirectWithFlash(request, `/admin/accounts/user/${user.id}/change`, { kind: "success", text });
}

export default function AdminPassword() {
  const { id, username, asksOwn } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>New password for {username}</h1>
          <p>All their sessions end. Tell them the new password in person.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <PasswordForm
        own={asksOwn ? { name: "own_password", label: "Your own password" } : null}
        first="password1"
        second="password2"
        cancel={`/admin/accounts/user/${id}/change`}
        problem={problem}
      />
    </>
  );
}
