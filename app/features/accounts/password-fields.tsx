import { Form, Link } from "@remix-run/react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  problem: Problem | undefined;
}

/** A password that there is. */
export const CurrentPasswordField = (props: FieldProps) => (
  <Field {...props}>
    {(control) => <input {...control} type="password" autoComplete="current-password" />}
  </Field>
);

interface NewPasswordProps {
  first: string;
  second: string;
  problem: Problem | undefined;
}

/** A new password, typed twice. Names as in Django's forms. */
export function NewPasswordFields({ first, second, problem }: NewPasswordProps) {
  return (
    <>
      <Field
        name={first}
        label="New password"
        hint="8 characters or more, not only digits, not common, not like your name"
        problem={problem}
      >
        {(control) => <input {...control} type="password" autoComplete="new-password" />}
      </Field>
      <Field name={second} label="New password again" problem={problem}>
        {(control) => <input {...control} type="password" autoComplete="new-password" />}
      </Field>
    </>
  );
}

interface PasswordFormProps extends NewPasswordProps {
  /** The password that who changes it has to give of their own. */
  own: { name: string; label: string } | null;
  cancel: string;
}

/** The form that changes a password. */
export function PasswordForm({ own, cancel, ...fields }: PasswordFormProps) {
  return (
    <section className="card narrow">
      <Form method="post" className="pad" noValidate>
        {own && <CurrentPasswordField {...own} problem={fields.problem} />}
        <NewPasswordFields {...fields} />
        <div className="actions">
          <button type="submit" className="button primary">
            Change password
          </button>
          <Link className="button" to={cancel}>
            Cancel
          </Link>
        </div>
      </Form>
    </section>
  );
}
