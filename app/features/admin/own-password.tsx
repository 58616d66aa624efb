import type { ReactNode } from "react";
import { errorOf, Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import { OWN_PASSWORD } from "./form-names";

/** Asks for the person's own password, where the server has asked for it. */
export function OwnPassword({ problem, children }: { problem: Problem | undefined; children?: ReactNode }) {
  if (!errorOf(problem, OWN_PASSWORD)) return null;
  return (
    <section className="card narrow">
      <div className="pad">
        <Field
          name={OWN_PASSWORD}
          label="Your own password"
          hint="This is a delicate change, and you last gave it over 15 minutes ago"
          problem={problem}
        >
          {(control) => <input {...control} type="password" autoComplete="current-password" />}
        </Field>
        {children && <div className="actions">{children}</div>}
      </div>
    </section>
  );
}
