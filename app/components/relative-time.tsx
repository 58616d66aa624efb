const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

const STEPS: [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, "second"],
  [60 * 60, "minute"],
  [24 * 60 * 60, "hour"],
  [7 * 24 * 60 * 60, "day"],
  [30 * 24 * 60 * 60, "week"],
  [365 * 24 * 60 * 60, "month"],
  [Number.POSITIVE_INFINITY, "year"],
];

/** "just now", "12 min. ago", "yesterday". */
export function relativeTime(at: Date, now = Date.now()): string {
  const seconds = (at.getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  const index = STEPS.findIndex(([limit]) => Math.abs(seconds) < limit);
  const [, unit] = STEPS[index]!;
  return relative.format(Math.round(seconds / (STEPS[index - 1]?.[0] ?? 1)), unit);
}

/** How long ago, with the exact time in UTC as its title. */
export function RelativeTime({ at }: { at: Date }) {
  const minute = at.toISOString().slice(0, 16);
  return (
    // The browser hydrates a little later than the server wrote.
    <time dateTime={`${minute}Z`} title={`${minute.replace("T", " ")} UTC`} suppressHydrationWarning>
      {relativeTime(at)}
    </time>
  );
}
