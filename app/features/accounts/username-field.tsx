import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

/** A user name, as keyboards of phones should leave it. */
export const UsernameField = ({ problem }: { problem: Problem | undefined }) => (
  <Field name="username" label="Username" problem={problem}>
    {(control) => <input {...control} autoComplete="username" autoCapitalize="none" spellCheck={false} />}
  </Field>
);
