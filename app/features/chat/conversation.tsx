import { Link, useFetcher } from "@remix-run/react";
import { type MouseEvent, useEffect, useRef, useState } from "react";
import { counted } from "~/components/counted";
import { type Me, Messages, PendingMessages } from "./messages";
import { PAGE, type Said } from "./said";
import type { useLine } from "./use-line";

/** Pixels from the end within which one reads what is said now. */
const NEAR = 40;

interface ConversationProps {
  data: {
    room: { slug: string; lastSeq: number };
    me: Me;
    said: Said[];
    isNewest: boolean;
    moderates: boolean;
    now: string;
  };
  line: ReturnType<typeof useLine>;
}

/** What was said, the newest at the end, where one begins: a column in reverse stays at its end by itself. */
export function Conversation({ data: { room, me, isNewest, moderates, now }, line }: ConversationProps) {
  const { said, pending, readTo } = line;
  const [seenTo, setSeenTo] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const first = said[0]?.seq ?? 1;
  const last = said.at(-1)?.seq ?? 0;
  const earlier = useEarlier(room.slug, first, line.line.merge.bind(line.line));

  const onScroll = () => {
    const isAtEnd = (scroller.current?.scrollTop ?? 0) > -NEAR;
    setSeenTo(isAtEnd ? null : (before) => before ?? last);
    if (isAtEnd) line.line.trim();
  };
  const toEnd = () => scroller.current?.scrollTo({ top: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what one has just written that one wants to see.
  useEffect(() => void (pending.length > 0 && toEnd()), [pending.length]);

  const unseen = seenTo === null ? 0 : last - seenTo;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <div className="said" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-label="Messages">
        <div>
          {first > 1 && (
            <p className="earlier">
              <Link to={`/chat/${room.slug}?before=${first}`} className="button quiet" onClick={earlier.load}>
                {earlier.isLoading ? "Loading…" : "Earlier messages"}
              </Link>
            </p>
          )}
          {said.length + pending.length === 0 && (
            <p className="empty">Nothing has been said here yet. Write the first message.</p>
          )}
          <ol>
            <Messages slug={room.slug} me={me} said={said} readTo={readTo} moderates={moderates} now={now} />
            <PendingMessages
              pending={pending}
              retry={(id) => line.line.retry(id)}
              discard={(id) => line.line.discard(id)}
            />
          </ol>
          {!isNewest && (
            <p className="earlier">
              {last + PAGE < room.lastSeq && (
                <Link to={`/chat/${room.slug}?before=${last + PAGE + 1}`} className="button quiet">
                  Later messages
                </Link>
              )}
              <Link to={`/chat/${room.slug}`} className="button quiet">
                Newest messages
              </Link>
            </p>
          )}
        </div>
      </div>
      {unseen > 0 && (
        <button type="button" className="button primary jump" onClick={toEnd}>
          {counted(unseen, "new message")}
        </button>
      )}
    </>
  );
}

/** Brings what was said before onto the page, where one stays. */
function useEarlier(slug: string, first: number, merge: (said: Said[]) => void) {
  const fetcher = useFetcher<{ said: Said[] }>();
  const { data } = fetcher;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is their arrival that counts.
  useEffect(() => {
    if (data) merge(data.said);
  }, [data]);
  return {
    isLoading: fetcher.state !== "idle",
    load(event: MouseEvent) {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      if (fetcher.state === "idle") fetcher.load(`/chat/${slug}?before=${first}`);
    },
  };
}
