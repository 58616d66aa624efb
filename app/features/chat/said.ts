/** A message as it goes to browsers: in pages, and over sockets beside a `type`. */
export interface Said {
  /** Its place in the room: 1, 2, 3 … */
  seq: number;
  /** Who has an account; null is a guest. */
  user: number | null;
  username: string;
  /** Empty where it is deleted. */
  text: string;
  /** ISO 8601, UTC. */
  at: string;
  client_id?: string;
  edited?: true;
  deleted?: true;
}

/** Unicode code points of a message. */
export const TEXT_MAX = 2_000;
/** Characters of a name, as an input counts them. */
export const NAME_MAX = 50;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A time (ISO 8601, UTC) by the clocks of a time zone: the day as 2026-03-02, and 14:05. */
export function clockOf(at: string, zone: string): { day: string; minute: string } {
  if (zone === "UTC") return { day: at.slice(0, 10), minute: at.slice(11, 16) };
  let clock = clocks.get(zone);
  // Sweden writes days and times as ISO 8601 does.
  clock ??= new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  clocks.set(zone, clock);
  const [day = "", minute = ""] = clock.format(new Date(at)).split(" ");
  return { day, minute };
}

/** Milliseconds within which what the same person says stands under one name. */
const TOGETHER = 5 * 60 * 1000;

/** Whether a message goes on where the one before ended. */
export const goesOn = (before: Said | undefined, said: Said) =>
  before !== undefined &&
  before.user === said.user &&
  before.username === said.username &&
  Date.parse(said.at) - Date.parse(before.at) < TOGETHER;

/** "Today", "Yesterday", "Monday, 3 March 2026". */
export function dayName(day: string, today: string): string {
  const days = (Date.parse(today) - Date.parse(day)) / 86_400_000;
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(day).toLocaleDateString("en-GB", {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** Messages that a page holds, and that are fetched at a time. */
export const PAGE = 50;

/** Where a message stands in its room, for links to it: the page that has it not far from its end. */
export const placeOf = (slug: string, seq: number) => `/chat/${slug}?before=${seq + PAGE / 2}#m${seq}`;
