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

export const dayOf = ({ at }: Said) => at.slice(0, 10);
export const minuteOf = ({ at }: Said) => at.slice(11, 16);

/** Milliseconds within which what the same person says stands under one name. */
const TOGETHER = 5 * 60 * 1000;

/** Whether a message goes on where the one before ended. */
export const goesOn = (before: Said | undefined, said: Said) =>
  before !== undefined &&
  before.user === said.user &&
  before.username === said.username &&
  dayOf(before) === dayOf(said) &&
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
