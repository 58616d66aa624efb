import type { Kind } from "#models/document.server";

interface PreviewProps {
  id: number;
  kind: Kind | null;
  title: string;
  /** Another one is another picture. */
  version: string;
}

/** How a document looks: a picture as it was drawn anew, a text or a PDF on a page of its own. */
export function Preview({ id, kind, title, version }: PreviewProps) {
  if (!kind) return null;
  const path = `/documents/${id}/preview`;
  return (
    <section className="card preview" aria-label="Preview">
      {kind === "picture" ? (
        <img src={`${path}?${version.slice(0, 8)}`} alt={title} />
      ) : (
        <p>
          <a className="button" href={path} target="_blank" rel="noreferrer">
            {kind === "pdf" ? "Look at the PDF" : "Read the text"}
          </a>
        </p>
      )}
    </section>
  );
}
