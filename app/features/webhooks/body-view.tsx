import { Tabs } from "~/components/tabs";
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
  const path = `/webhooks/events/${id}`;
  const text = isRaw ? raw : pretty;
  return (
    <section className="card" aria-labelledby="body">
      <header>
        <h2 id="body">Body</h2>
        {pretty !== null && (
          <Tabs
            label="View"
            tabs={[
              { name: "pretty", to: path + queryWith(query), label: "Pretty" },
              { name: "raw", to: path + queryWith(query, { view: "raw" }), label: "Raw" },
            ]}
            current={isRaw ? "raw" : "pretty"}
            preventScrollReset
          />
        )}
        <span className="end actions">
          <CopyButton text={text} />
          <a className="button quiet" href={`${path}/body`} download>
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
