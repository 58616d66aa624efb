import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Document, documentFilename, documentTitle } from "#models/document.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { UploadForm, UploadProgress } from "~/components/upload";
import { config } from "~/services/config.server";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid } from "~/services/forms.server";
import { type Handle, withinLimit } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import { keepIfSaved } from "~/services/keep-if-saved.server";
import { readUpload } from "~/services/uploads.server";
import { documentFor } from "./access.server";
import stylesheet from "./documents.css?url";
import { fileField, formLimit, keysOf } from "./keep.server";
import { VaultFile } from "./vault-file";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";
export { upload as clientAction } from "~/components/upload";

/** The action has a limit of its own, by DOCUMENT_LIMIT. */
export const handle: Handle = { bodyLimit: Number.POSITIVE_INFINITY };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Edit document");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { document } = await documentFor(request, params);
  const { id, title, filename } = document;
  return { id, title, filename, maxBytes: config().DOCUMENT_LIMIT };
}

const schema = z.object({ title: documentTitle, filename: documentFilename });

export async function action({ request, params }: ActionFunctionArgs) {
  const { user, document } = await documentFor(request, params);
  const form = await withinLimit(formLimit(1), request, (request) =>
    readUpload(request, schema, { file: fileField() }),
  );
  if (form.problem) return invalid(form.problem, form.status);
  const { title, filename: typed } = form.value;
  const { filename: sent, ...content } = form.files.file ?? {};
  // Another file brings its own name along, where none was typed for it.
  const filename = sent && typed === document.filename ? sent : typed;
  const replacement = "key" in content ? content : undefined;
  const isSaved = await keepIfSaved(Document, replacement ? keysOf(replacement) : [], () =>
    Document.edit(document.id, { title, filename }, replacement, user),
  );
  if (!isSaved) throw notFound();
  return redirectWithFlash(request, `/documents/${document.id}`, {
    kind: "success",
    text: `Saved “${title}”.`,
  });
}

export default function EditDocument() {
  const { id, title, filename, maxBytes } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <h1>Edit document</h1>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <UploadForm className="pad">
          <Field name="title" label="Title" problem={problem}>
            {(control) => (
              <input {...control} defaultValue={control.defaultValue ?? title} autoComplete="off" />
            )}
          </Field>
          <Field
            name="filename"
            label="File name"
            hint="What it is called when it is downloaded"
            problem={problem}
          >
            {(control) => (
              <input {...control} defaultValue={control.defaultValue ?? filename} autoComplete="off" />
            )}
          </Field>
          <VaultFile
            label="Another file"
            hint="Optional. It takes the place of the one that is there, for good"
            maxBytes={maxBytes}
            problem={problem}
          />
          <div className="actions">
            <button type="submit" className="button primary">
              Save
            </button>
            <Link className="button" to={`/documents/${id}`}>
              Cancel
            </Link>
            <UploadProgress />
          </div>
        </UploadForm>
      </section>
    </>
  );
}
