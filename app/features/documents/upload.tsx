import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Document, documentTitle } from "#models/document.server";
import { shortTitle, titleOf } from "#models/document-filename";
import { counted } from "~/components/counted";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { UploadForm, UploadProgress } from "~/components/upload";
import { requireUser } from "~/services/auth.server";
import { config } from "~/services/config.server";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid } from "~/services/forms.server";
import { type Handle, withinLimit } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import { keepIfSaved } from "~/services/keep-if-saved.server";
import { readUpload } from "~/services/uploads.server";
import stylesheet from "./documents.css?url";
import { filesField, formLimit, type Kept, keysOf } from "./keep.server";
import { MOST_FILES } from "./limits";
import { VaultFile } from "./vault-file";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";
export { upload as clientAction } from "~/components/upload";

/** The action has a limit of its own, by DOCUMENT_LIMIT. */
export const handle: Handle = { bodyLimit: Number.POSITIVE_INFINITY };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Upload documents");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireUser(request);
  return { maxBytes: config().DOCUMENT_LIMIT };
}

const schema = z.object({
  title: z.literal("").or(documentTitle).default(""),
});

export async function action({ request }: ActionFunctionArgs) {
  const user = await requireUser(request);
  const form = await withinLimit(formLimit(MOST_FILES), request, (request) =>
    readUpload(request, schema, { file: filesField() }),
  );
  if (form.problem) return invalid(form.problem, form.status);
  const kept = titled(form.files.file ?? [], form.value.title);
  const ids = await keepIfSaved(Document, kept.flatMap(keysOf), () => Document.add(kept, user));
  if (!ids) throw notFound();
  const [path, added] =
    kept.length === 1
      ? [`/documents/${ids[0]}`, `“${kept[0]!.title}”`]
      : ["/documents", counted(kept.length, "document")];
  return redirectWithFlash(request, path, { kind: "success", text: `Added ${added}.` });
}

/** Without a title one is called after its file; of several, all are, and the title stands before. */
const titled = (kept: Kept[], title: string) =>
  kept.map((file) => {
    const own = titleOf(file.filename);
    return {
      ...file,
      title: kept.length === 1 && title ? title : shortTitle(title ? `${title}: ${own}` : own),
    };
  });

export default function Upload() {
  const { maxBytes } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <h1>Upload documents</h1>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <UploadForm className="pad">
          <VaultFile label="Files" maxBytes={maxBytes} most={MOST_FILES} problem={problem} />
          <Field
            name="title"
            label="Title"
            hint="Optional. Without one a document is called after its file; of several files it stands before each name"
            problem={problem}
          >
            {(control) => <input {...control} autoComplete="off" />}
          </Field>
          <div className="actions">
            <button type="submit" className="button primary">
              Upload
            </button>
            <Link className="button" to="/documents">
              Cancel
            </Link>
            <UploadProgress />
          </div>
          <small>Only you will see them, and those who look after the vault.</small>
        </UploadForm>
      </section>
    </>
  );
}
