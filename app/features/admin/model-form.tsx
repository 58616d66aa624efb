import { Form, Link } from "@remix-run/react";
import type { FormEvent } from "react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import { slugOf } from "~/components/slug";
import { FieldInput } from "./field-input";
import type { FormView } from "./form.server";
import { ADD_ANOTHER, CONTINUE, ENTER, VERSION } from "./form-names";
import { ManyInput } from "./many-input";
import { OwnPassword } from "./own-password";

/** The form that adds or changes a row of any model. */
export function ModelForm({
  view,
  problem,
  version,
  mayAdd,
}: {
  view: FormView;
  problem: Problem | undefined;
  version?: string;
  mayAdd: boolean;
}) {
  const { sections, extra, many, shown, values } = view;
  const isNew = view.version === "";
  const fields = sections.flatMap(({ fields }) => fields);
  const searches = many.some(({ total }) => total) || fields.some(({ widget }) => widget === "lookup");
  const takesFiles = fields.some(({ widget }) => widget === "file");
  // A form that was refused is still the one that was opened then.
  const opened = version ?? problem?.values[VERSION] ?? view.version;
  return (
    <Form
      key={`${view.key} ${version}`}
      method="post"
      id="form"
      noValidate
      encType={takesFiles ? "multipart/form-data" : undefined}
      className="model-form"
      onInput={isNew ? fillSlugs(view) : undefined}
    >
      <input type="hidden" name={VERSION} value={opened} />
      {searches && <DefaultButton />}
      {sections.map(({ title, fields }, index) => (
        <section className="card" key={title}>
          {title && (
            <header>
              <h2>{title}</h2>
            </header>
          )}
          <div className="pad">
            {fields.map((field) => (
              <FieldInput key={field.name} field={field} value={values[field.name] ?? ""} problem={problem} />
            ))}
            {index === 0 &&
              extra.map(({ name, label, help, type }) => (
                <Field key={name} name={name} label={label} hint={help} problem={problem}>
                  {(control) => <input {...control} type={type} autoComplete="new-password" />}
                </Field>
              ))}
          </div>
        </section>
      ))}
      {many.length > 0 && (
        <section className="card">
          <div className="pad">
            {many.map((one) => (
              <ManyInput key={one.name} many={one} value={values[one.name] ?? ""} problem={problem} />
            ))}
          </div>
        </section>
      )}
      {shown.length > 0 && <Shown shown={shown} />}
      <OwnPassword problem={problem} />
      <div className="actions">
        <button type="submit" className="button primary" name="_save" value="1">
          Save
        </button>
        <button type="submit" className="button" name={CONTINUE} value="1">
          Save and continue editing
        </button>
        {mayAdd && (
          <button type="submit" className="button" name={ADD_ANOTHER} value="1">
            Save and add another
          </button>
        )}
        <Link className="button" to={view.back}>
          Cancel
        </Link>
      </div>
    </Form>
  );
}

/**
 * The first button of a form is what Enter presses. Without this one that would be a search, also from a field that
 * has nothing to do with it.
 */
const DefaultButton = () => (
  <button type="submit" name={ENTER} value="1" className="visually-hidden" tabIndex={-1} aria-hidden="true">
    Save
  </button>
);

/** While a title is typed, the slug that is made from it follows, unless somebody has typed another. */
const fillSlugs =
  ({ sections }: FormView) =>
  ({ target, currentTarget }: FormEvent<HTMLFormElement>) => {
    const { name, value } = target as HTMLInputElement;
    for (const field of sections.flatMap(({ fields }) => fields.filter(({ from }) => from === name))) {
      const slug = currentTarget.elements.namedItem(field.name) as HTMLInputElement;
      if (!["", slug.dataset.made].includes(slug.value)) continue;
      slug.value = slugOf(value);
      slug.dataset.made = slug.value;
    }
  };

/** What is shown and cannot be changed. */
export function Shown({ shown }: { shown: { label: string; text: string }[] }) {
  return (
    <section className="card">
      <dl className="pad shown">
        {shown.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
