/** Demo posts for `manage seed`. */
import { numbered, pick } from "~/services/demo.server";

const TITLES = [
  "Hello world",
  "Why we moved the warehouse to the ground floor",
  "What a signature on a webhook proves",
  "Zürich für Anfänger",
  "Ten minutes that save a restore",
  "The form that loses nothing",
  "Reading a query plan without fear",
  "Notes from the fire drill",
  "How we name things",
  "A calendar nobody has to keep",
  "Printing badges for forty visitors",
  "Small tables, large questions",
  "What happens when the disk is full",
  "Writing down decisions",
  "The quiet hour on Thursdays",
  "Labels that survive the cold store",
  "An inventory in one afternoon",
  "Passwords, and what we do instead of rules",
  "The chat room that remembers",
  "Weather, and when not to trust it",
  "Answering the contact form kindly",
  "A trash can with a month of patience",
  "From spreadsheet to list",
  "Second post",
  "Keys, badges, and who has them",
];

const OPENINGS = [
  "It began with a list on the kitchen door, and with the wish that nobody should have to ask twice.",
  "We did this by hand for a year. Then somebody went on holiday, and we learned what had been in one head only.",
  "There is a long answer and a short one; this is the short one, with *links* for those who want the other.",
  "Nothing here is new. What is new is that it is written down, and that it is the same for everyone.",
];

const MIDDLES = [
  `## What we tried

1. Doing nothing, which is always worth a try.
2. A spreadsheet. It was **good** for a week, and then there were two of them.
3. One page that everybody can open, search and correct.

The third is still there. What made the difference was not the tool but that a wrong entry can be taken back.`,
  `## The numbers

| Month | Found at once | Asked for |
| :-- | --: | --: |
| April | 61 | 39 |
| May | 74 | 26 |
| June | 93 | 7 |

We count by hand, on Fridays, and round down.`,
  `## How it works

Each entry carries the time at which it was made, in UTC:

\`\`\`
2026-04-02T09:30Z  bolts M8  +200  ground floor
\`\`\`

Everything else follows from that line. If it is wrong, a second line corrects it; none is ever rubbed out.`,
  `## What we would do again

- Start with the smallest list that helps.
- Ask the people who will type, not those who will read.
- Leave a way back.

> The best time to write it down was yesterday.
> The second best is before lunch.`,
];

const ENDINGS = [
  "If you find a mistake, tell us. If you find a better way, tell us sooner.",
  "That is all. The next post will say what went wrong with it.",
  "Questions go to the [contact page](/contact); we answer the same day, mostly.",
];

/** The n-th post, the same at every run; titles repeat with a number. */
export function demoPost(n: number) {
  const opening = pick(OPENINGS, n);
  return {
    title: pick(TITLES, n) + numbered(n, TITLES.length),
    summary: n % 3 === 2 ? "" : opening.split(/(?<=\.) /)[0]!.replaceAll("*", ""),
    content: [opening, pick(MIDDLES, n), pick(MIDDLES, n + 1), pick(ENDINGS, n)].join("\n\n"),
  };
}
