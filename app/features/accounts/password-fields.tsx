import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

/** A new password, typed twice. Names as in Django's forms. */
export function NewPasswordFields({
  first,
  second,
  problem,
}: {
  first: string;
  second: string;
  problem: Problem | undefined;
}) {
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
