import { Link } from "@remix-run/react";
import { Fragment, type ReactNode } from "react";
import type { Pending } from "./line";
import { Linked } from "./linked";
import { clockOf, dayName, goesOn, placeOf, type Said } from "./said";
import { useTimeZone } from "./use-time-zone";

/** Who looks, as far as messages are theirs. */
export interface Me {
  user: number | null;
  name: string | null;
}

interface MessagesProps {
  slug: string;
  me: Me;
  said: Said[];
  /** They were here up to that message. */
  readTo: number | null;
  /** Whether other people's messages may be deleted. */
  moderates: boolean;
  /** When the page was made. */
  now: string;
}

const isMine = ({ user, username }: Said, me: Me) =>
  me.user === null ? user === null && username === me.name : user === me.user;

/** What was said, day by day, as the reader's clock has them; without JavaScript that is not known, and they are of UTC. */
export function Messages({ slug, me, said, readTo, moderates, now }: MessagesProps) {
  const zone = useTimeZone();
  const today = clockOf(now, zone).day;
  const firstNew = readTo === null ? undefined : said.find((one) => one.seq > readTo && !isMine(one, me));
  return said.map((one, n) => {
    const before = said[n - 1];
    const { day, minute } = clockOf(one.at, zone);
    const isNewDay = !before || clockOf(before.at, zone).day !== day;
    const isNew = one === firstNew;
    return (
      <Fragment key={one.seq}>
        {isNewDay && (
          <li className="day">
            <span>
              {dayName(day, today)}
              {zone === "UTC" && ", UTC"}
            </span>
          </li>
        )}
        {isNew && (
          <li className="new">
            <span>New messages</span>
          </li>
        )}
        <Message
          slug={slug}
          said={one}
          minute={minute}
          isMine={isMine(one, me)}
          goesOn={!isNewDay && !isNew && goesOn(before, one)}
        >
          {!one.deleted && one.user !== null && (one.user === me.user || moderates) && (
            <EditLink slug={slug} seq={one.seq} verb={one.user === me.user ? "Edit" : "Delete"} />
          )}
        </Message>
      </Fragment>
    );
  });
}

/** A message of somebody else can only be deleted. */
const EditLink = ({ slug, seq, verb }: { slug: string; seq: number; verb: "Edit" | "Delete" }) => (
  <Link to={`/chat/${slug}/${seq}/edit`} className="button quiet" aria-label={`${verb} message ${seq}`}>
    {verb}
  </Link>
);

function Message({
  slug,
  said,
  minute,
  isMine,
  goesOn,
  children,
}: {
  slug: string;
  said: Said;
  /** When it was said, by the reader's clock. */
  minute: string;
  isMine: boolean;
  goesOn: boolean;
  children: ReactNode;
}) {
  const { seq, username, user, text, at, edited, deleted } = said;
  return (
    <li id={`m${seq}`} className={[isMine && "mine", goesOn && "on"].filter(Boolean).join(" ") || undefined}>
      <p className={goesOn ? "visually-hidden" : "who"}>
        <b>{username}</b>
        {user === null && <small> guest</small>}
      </p>
      <Link to={placeOf(slug, seq)} className="at" aria-label={`${minute}, link to message ${seq}`}>
        <time dateTime={at} title={`${at.slice(0, 16).replace("T", " ")} UTC`}>
          {minute}
        </time>
      </Link>
      <div className="text">
        {deleted ? <em>Deleted</em> : <Linked text={text} />}
        {edited && !deleted && <small> (edited)</small>}
      </div>
      {isMine && (
        <small className="state" title="Stored by the server">
          Sent
        </small>
      )}
      {children}
    </li>
  );
}

const STATES = { waiting: "Waiting to be sent", sending: "Sending…", sent: "Sent", failed: "Not sent" };

/** What one has written and the server has not said to have. */
export function PendingMessages({
  pending,
  retry,
  discard,
}: {
  pending: Pending[];
  retry(id: string): void;
  discard(id: string): void;
}) {
  return pending.map(({ client_id, username, text, state, error }) => (
    <li key={client_id} className={`mine pending ${state}`}>
      <p className="who">
        <b>{username}</b>
      </p>
      <div className="text">
        <Linked text={text} />
      </div>
      <small className="state">{error ? `${STATES[state]}: ${error}` : STATES[state]}</small>
      {state === "failed" && (
        <>
          <button type="button" className="button quiet" onClick={() => retry(client_id)}>
            Retry
          </button>
          <button type="button" className="button quiet" onClick={() => discard(client_id)}>
            Discard
          </button>
        </>
      )}
    </li>
  ));
}
