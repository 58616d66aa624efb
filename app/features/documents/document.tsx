import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Document } from "#models/document.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { documentFor } from "./access.server";
import stylesheet from "./documents.css?url";
import { History } from "./history";
import { Preview } from "./preview-card";
import { sizeOf } from "./view";

/** Deeds that a page shows. */
const SHOWN = 50;

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data ? `${data.title} · Documents` : "Documents");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { user, document } = await documentFor(request, params);
  await document.noteReading("open", user);
  const { id, title, filename, size, sha256, kind, createdAt, changedAt } = document;
  return {
    ...{ id, title, filename, size, sha256, kind, createdAt, changedAt },
    owner: await Document.ownerOf(id),
    history: await document.history(SHOWN),
  };
}

export default function DocumentPage() {
  const { id, title, filename, size, sha256, kind, owner, createdAt, changedAt, history } =
    useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>{title}</h1>
          <p>
            {filename}, {sizeOf(size)}
          </p>
        </div>
        <Form method="post" className="actions">
          <a className="button primary" href={`/documents/${id}/download`}>
            Download
          </a>
          <Link className="button" to={`/documents/${id}/edit`}>
            Edit
          </Link>
          <button formAction={`/documents/${id}/delete`} className="button">
            Delete
          </button>
        </Form>
      </div>
      <Preview id={id} kind={kind} title={title} version={sha256} />
      <section className="card">
        <dl className="facts">
          <dt>Owner</dt>
          <dd>{owner ?? "Nobody any more"}</dd>
          <dt>Size</dt>
          <dd>{counted(size, "byte")}</dd>
          <dt>SHA-256</dt>
          <dd className="mono">{sha256}</dd>
          <dt>Added</dt>
          <dd>
            <RelativeTime at={createdAt} />
          </dd>
          <dt>Changed</dt>
          <dd>
            <RelativeTime at={changedAt} />
          </dd>
        </dl>
      </section>
      <History deeds={history} isWhole={history.length < SHOWN} />
      <p>
        <Link to="/documents">All documents</Link>
      </p>
    </>
  );
}
