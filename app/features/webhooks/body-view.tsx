import { Link } from "@remix-run/react";
import { CopyButton } from "./copy-button";
import { queryWith } from "./view";

interface BodyProps {
  id: number;
  body: { raw: string; pretty: string | null; isCut: boolean; note: string | null };
  query: URLSearchParams;
}

/** The body, as it came or a line for each value. */
export function Body({ id, body: { raw, pretty, isCut, note }, query }: BodyProps) {
  const isRaw = pretty === null || query.get("view") === "raw";
  const list = queryWith(query);
  const text = isRaw ? raw : pretty;
  return (
    <section className="card" aria-labelledby="body">
      <header>
        <h2 id="body">Body</h2>
        {pretty !== null && (
          <nav className="tabs" aria-label="View">
            <Link
              to={`/webhooks/events/${id}${list}`}
              aria-current={isRaw ? undefined : "page"}
              preventScrollReset
            >
              Pretty
            </Link>
            <Link
              to={`/webhooks/events/${id}${list ? `${list}&` : "?"}view=raw`}
              aria-current={isRaw ? "page" : undefined}
              preventScrollReset
            >
              Raw
            </Link>
          </nav>
        )}
        <span className="end actions">
          <CopyButton text={text} />
          <a className="button quiet" href={`/webhooks/events/${id}/body`} download>
            Download
          </a>
        </span>
      </header>
      {(note || isCut) && (
        <p className="pad note">
          {note} {isCut && "It is long: here is its beginning, the file has all of it."}
        </p>
      )}
      {text === "" ? (
        <p className="empty">It is empty.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        <pre tabIndex={0}>{text}</pre>
      )}
    </section>
  );
}
