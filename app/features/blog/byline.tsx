interface Bylined {
  author: string | null;
  publishedAt: Date | null;
  updatedAt: Date;
}

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** A time in words, UTC: the day, or for what is still to come also the minute. */
export const timeInWords = (at: Date) => (at > new Date() ? `${minute.format(at)} UTC` : day.format(at));

/** Who wrote a post, and when it went public or is to. */
export function Byline({ post: { author, publishedAt, updatedAt } }: { post: Bylined }) {
  const at = publishedAt ?? updatedAt;
  const isScheduled = publishedAt !== null && publishedAt > new Date();
  return (
    <p className="byline">
      {author && <span>{author}</span>}
      <time dateTime={at.toISOString()} suppressHydrationWarning>
        {timeInWords(at)}
      </time>
      {!publishedAt && <span className="badge">Draft</span>}
      {isScheduled && <span className="badge">Scheduled</span>}
    </p>
  );
}
