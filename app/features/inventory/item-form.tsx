import { Form, Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import { Theirs } from "~/components/theirs";

/** The fields as text, by name. */
type Typed = Record<string, string>;

interface ItemFormProps {
  title: string;
  /** What the fields hold at first. */
  values?: Typed;
  problem: Problem | undefined;
  cancelTo: string;
  /** The URL that it is sent to, with where in the list one is. */
  action: string;
  /** More fields. */
  children?: ReactNode;
}

const LABELS = { name: "Name", sku: "SKU", location: "Location", low_stock: "Low at", price: "Price" };

/** What is written of an item. */
export function ItemForm({ title, values = {}, problem, cancelTo, action, children }: ItemFormProps) {
  const text = (
    name: string,
    label: string,
    more: { hint?: string; inputMode?: "numeric" | "decimal" } = {},
  ) => (
    <Field name={name} label={label} hint={more.hint} problem={problem}>
      {(control) => (
        <input
          {...control}
          defaultValue={control.defaultValue ?? values[name]}
          inputMode={more.inputMode}
          autoComplete="off"
        />
      )}
    </Field>
  );
  return (
    <section className="card item" aria-labelledby="form">
      <header>
        <h2 id="form">{title}</h2>
      </header>
      <Form method="post" action={action} className="pad" noValidate>
        <ErrorSummary problem={problem} />
        <Theirs problem={problem} labels={LABELS} />
        {values.version && <input type="hidden" name="version" value={values.version} />}
        {text("name", LABELS.name)}
        {text("sku", LABELS.sku, { hint: "Its number, which no other item has" })}
        {text("location", LABELS.location, { hint: "Where it is kept. May be left empty" })}
        {children}
        {text("low_stock", LABELS.low_stock, {
          hint: "At this quantity and below it is low",
          inputMode: "numeric",
        })}
        {text("price", LABELS.price, { hint: "Like 12.50. May be left empty", inputMode: "decimal" })}
        <div className="actions">
          <button type="submit" className="button primary">
            Save
          </button>
          <Link className="button" to={cancelTo}>
            Cancel
          </Link>
        </div>
      </Form>
    </section>
  );
}
