import { Link, useParams } from "@remix-run/react";
import { RelativeTime } from "~/components/relative-time";
import { titleOf } from "./refusals";
import { queryWith, STATES, type State } from "./view";

interface ListedEvent {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  refusal: string | null;
  duplicates: number;
  receivedAt: Date;
  state: State | null;
}

/** The events of a page, each a link that opens it beside the list. */
export function EventList({
  rows,
  query,
  empty,
}: {
  rows: ListedEvent[];
  query: URLSearchParams;
  empty: string;
}) {
  const open = useParams().id;
  if (rows.length === 0) return <p className="empty">{empty}</p>;
  return (
    <ul className="events">
      {rows.map(({ id, provider, event, eventId, refusal, duplicates, receivedAt, state }) => (
        <li key={id}>
          <Link
            to={`/webhooks/events/${id}${queryWith(query)}`}
            aria-current={String(id) === open ? "true" : undefined}
            preventScrollReset
          >
            <b>{event ?? "(no event name)"}</b>
            <Outcome refusal={refusal} state={state} />
            <small>
              {provider}
              {eventId && <span>{eventId}</span>}
              {duplicates > 0 && <span>again {duplicates}×</span>}
            </small>
            <RelativeTime at={receivedAt} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const TONES: Record<State, string> = { waiting: "warn", processed: "good", failed: "bad", unhandled: "" };

/** What became of an event, in a word. */
function Outcome({ refusal, state }: { refusal: string | null; state: State | null }) {
  if (refusal) return <span className="badge bad">{titleOf(refusal)}</span>;
  return state && <span className={`badge ${TONES[state]}`}>{STATES[state]}</span>;
}
