import { Form } from "@remix-run/react";
import type { Reason } from "#models/stock-move.server";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";

const WAYS: { reason: Reason; label: string }[] = [
  { reason: "receive", label: "Receive" },
  { reason: "issue", label: "Issue" },
  { reason: "count", label: "Count" },
];

/** Receive, issue or count. */
export function MoveForm({ action, problem }: { action: string; problem: Problem | undefined }) {
  return (
    <Form method="post" action={action} className="move" noValidate preventScrollReset>
      <Field name="reason" label="Movement" problem={problem}>
        {(control) => (
          <select {...control}>
            {WAYS.map(({ reason, label }) => (
              <option key={reason} value={reason}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="amount" label="Quantity" problem={problem}>
        {(control) => <input {...control} inputMode="numeric" autoComplete="off" />}
      </Field>
      <Field name="reference" label="Reference" problem={problem}>
        {(control) => <input {...control} placeholder="PO 4711" autoComplete="off" />}
      </Field>
      <button type="submit" className="button primary">
        Book
      </button>
    </Form>
  );
}
