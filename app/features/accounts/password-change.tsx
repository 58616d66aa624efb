import type { ActionFunctionArgs, HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { z } from "zod";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm, secretField } from "~/services/forms.server";
import { confirmPassword } from "~/services/own-password.server";
import { newPasswordField } from "./new-password.server";
import { PasswordForm } from "./password-fields";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

/** What the refusal says of itself, such as `Retry-After`, goes out with the page. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Change password");

export async function loader({ request }: LoaderFunctionArgs) {
  await requireUser(request);
  return null;
}

const schema = z.object({
  old_password: secretField("Enter your current password"),
  new_password1: newPasswordField("Enter a new password"),
  new_password2: secretField("Enter the new password again"),
});

export async function action({ request }: ActionFunctionArgs) {
  const by = await requireUser(request);
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { old_password, new_password1, new_password2 } = form.value;
  const refuse = (name: keyof typeof form.value, message: string) => invalid(fieldProblem({}, name, message));
  const user = await User.findByPk(by.id, { rejectOnEmpty: true });
  const wrong = await confirmPassword(request, by, "old_password", old_password);
  if (wrong) return wrong;
  if (new_password1 !== new_password2) return refuse("new_password2", "The two new passwords differ");
  const weakness = await user.passwordProblem(new_password1);
  if (weakness) return refuse("new_password1", weakness);
  const others = await Session.changePassword(user, new_password1, by, by.sessionId);
  if (others === null)
    return refuse("old_password", "The password was changed meanwhile. Enter the one that you have now");
  const text = others > 0 ? "Password changed. You are signed out everywhere else." : "Password changed.";
  return redirectWithFlash(request, "/accounts", { kind: "success", text });
}

export default function PasswordChange() {
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>Change password</h1>
          <p>You stay signed in here. Everywhere else you are signed out.</p>
        </div>
      </div>
      <ErrorSummary problem={problem} />
      <PasswordForm
        own={{ name: "old_password", label: "Current password" }}
        first="new_password1"
        second="new_password2"
        cancel="/accounts"
        problem={problem}
      />
    </>
  );
}
