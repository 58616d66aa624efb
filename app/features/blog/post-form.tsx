import { Link } from "@remix-run/react";
import { useState } from "react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import { Theirs } from "~/components/theirs";
import { UploadForm } from "~/components/upload";
import { AddPicture, takesPictures } from "./add-picture";
import { PREVIEW, useLivePreview } from "./preview";

type Values = Record<string, string | undefined>;

/** What came of the form the last time that it was sent, without being saved. */
export interface PostAnswer {
  problem?: Problem;
  preview?: string;
  typed?: Values;
}

/** The form in which a post is written, with what it will look like beside it. */
export function PostForm({
  values,
  preview,
  answer,
  cancelTo,
}: {
  values: Values;
  preview: string;
  answer: PostAnswer | undefined;
  cancelTo: string;
}) {
  const problem = answer?.problem;
  // What the form holds is the person's from here on: an answer that comes by script takes nothing out of it.
  const [first] = useState(answer?.typed ?? values);
  const sent = problem?.values ?? answer?.typed;
  const { html, follow, rest } = useLivePreview(preview, answer);
  const version = sent?.version ?? first.version;
  return (
    <div className="writing">
      <UploadForm className="card pad" onInput={follow} onSubmit={rest}>
        {/* The first button is the one that Enter presses. */}
        <button type="submit" hidden />
        {version && <input type="hidden" name="version" value={version} />}
        <Theirs problem={problem} labels={LABELS} />
        <Field name="title" label="Title" problem={problem}>
          {(control) => (
            <input {...control} defaultValue={control.defaultValue ?? first.title} autoComplete="off" />
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
            <input {...control} defaultValue={control.defaultValue ?? first.slug} autoComplete="off" />
          )}
        </Field>
        <Field
          name="summary"
          label="Summary"
          hint="Up to 300 characters. Left empty, lists show how it begins"
          problem={problem}
        >
          {(control) => (
            <textarea {...control} defaultValue={control.defaultValue ?? first.summary} rows={2} />
          )}
        </Field>
        <Field name="content" label="Content" hint="Markdown. Pictures are added below" problem={problem}>
          {(control) => (
            <textarea
              {...control}
              {...takesPictures}
              defaultValue={control.defaultValue ?? first.content}
              rows={16}
            />
          )}
        </Field>
        <AddPicture problem={problem} added={sent?.added} />
        <Audience values={first} problem={problem} />
        <div className="actions">
          <button type="submit" className="button primary">
            Save
          </button>
          <button type="submit" className="button" name="intent" value="preview">
            Preview
          </button>
          <Link className="button" to={cancelTo}>
            Cancel
          </Link>
        </div>
      </UploadForm>
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

const LABELS = {
  title: "Title",
  slug: "Slug",
  summary: "Summary",
  content: "Content",
  state: "Who sees it",
  published_at: "Day and time",
};
