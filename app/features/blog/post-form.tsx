import { Form, Link } from "@remix-run/react";
import { useState } from "react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import { PREVIEW, useLivePreview } from "./preview";

/** What begins the names of values that somebody else has saved meanwhile. */
export const THEIRS = "theirs-";

type Values = Record<string, string | undefined>;

/** The form in which a post is written, with what it will look like beside it. */
export function PostForm({
  values,
  problem,
  preview,
  cancelTo,
}: {
  values: Values;
  problem: Problem | undefined;
  preview: string;
  cancelTo: string;
}) {
  const { html, follow, rest } = useLivePreview(preview);
  const theirs = Object.entries(problem?.values ?? {}).filter(([name]) => name.startsWith(THEIRS));
  // Where only the page is loaded anew, the form is still about what it was opened with.
  const [opened] = useState(values.version);
  const version = problem?.values.version ?? opened;
  return (
    <div className="writing">
      <Form method="post" className="card pad" noValidate onInput={follow} onSubmit={rest}>
        {version && <input type="hidden" name="version" value={version} />}
        {theirs.length > 0 && <Theirs theirs={theirs} />}
        <Field name="title" label="Title" problem={problem}>
          {(control) => (
            <input {...control} defaultValue={control.defaultValue ?? values.title} autoComplete="off" />
          )}
        </Field>
        <Field
          name="slug"
          label="Slug"
          hint={
            version
              ? "The end of its address. Old ones will still lead here"
              : "The end of its address. Left empty, it is made from the title"
          }
          problem={problem}
        >
          {(control) => (
            <input {...control} defaultValue={control.defaultValue ?? values.slug} autoComplete="off" />
          )}
        </Field>
        <Field
          name="summary"
          label="Summary"
          hint="Up to 300 characters. Left empty, lists show how it begins"
          problem={problem}
        >
          {(control) => (
            <textarea {...control} defaultValue={control.defaultValue ?? values.summary} rows={2} />
          )}
        </Field>
        <Field name="content" label="Content" hint="Markdown" problem={problem}>
          {(control) => (
            <textarea {...control} defaultValue={control.defaultValue ?? values.content} rows={16} />
          )}
        </Field>
        <Audience values={values} problem={problem} />
        <div className="actions">
          <button type="submit" className="button primary">
            Save
          </button>
          <button type="submit" className="button" name="intent" value="preview">
            Preview
          </button>
          <Link className="button quiet" to={cancelTo}>
            Cancel
          </Link>
        </div>
      </Form>
      <section className="card" aria-labelledby="preview-title">
        <header>
          <h2 id="preview-title">Preview</h2>
        </header>
        {html ? (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: made by markdown-it, which lets no HTML through.
          <div className="prose pad" id={PREVIEW} dangerouslySetInnerHTML={{ __html: html }} />
        ) : (
          <p className="empty">What you write shows up here.</p>
        )}
      </section>
    </div>
  );
}

const AUDIENCES = [
  { value: "draft", label: "Draft" },
  { value: "published", label: "Public" },
  { value: "scheduled", label: "Public at a time to come" },
];

/** Who is to see it, and from when on. */
function Audience({ values, problem }: { values: Values; problem: Problem | undefined }) {
  const chosen = problem?.values.state ?? values.state;
  return (
    <fieldset className="audience" id="state">
      <legend>Who sees it</legend>
      {AUDIENCES.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name="state" value={value} defaultChecked={value === chosen} /> {label}
        </label>
      ))}
      <Field name="published_at" label="Day and time" hint="UTC" problem={problem}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            defaultValue={control.defaultValue ?? values.published_at}
          />
        )}
      </Field>
    </fieldset>
  );
}

const LABELS: Record<string, string> = { state: "Who sees it", published_at: "Day and time" };

function Theirs({ theirs }: { theirs: [name: string, value: string][] }) {
  return (
    <details id="theirs" className="theirs" open>
      <summary>What is saved now, where it differs from yours</summary>
      <dl>
        {theirs.map(([key, value]) => {
          const name = key.slice(THEIRS.length);
          return (
            <div key={name}>
              <dt>{LABELS[name] ?? name.charAt(0).toUpperCase() + name.slice(1)}</dt>
              <dd>{value || "—"}</dd>
            </div>
          );
        })}
      </dl>
      <p>Take over into your own what should stay, and save: yours will then take its place.</p>
    </details>
  );
}
