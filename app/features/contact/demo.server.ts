/** Demo messages for `manage seed`. */
import { numbered, pick } from "~/services/demo.server";

const PEOPLE = [
  "mary.ward@example.com",
  "juergen@example.org",
  "o.brien@example.net",
  "chiamaka@example.com",
  "li.wei@example.org",
  "sofia+work@example.com",
];

const LETTERS: [topic: string, message: string][] = [
  [
    "Opening hours between the years",
    "Are you open between Christmas and New Year? I would come by on the 28th.",
  ],
  [
    "The badge printer prints blank badges",
    "Since this morning the printer at the door prints blank badges.\n\nIt was fine on Friday. Nobody has changed the roll since.",
  ],
  [
    "Invoice 2026-0193 came twice",
    "Invoice 2026-0193 came twice, by mail and by post. Is it to be paid once?",
  ],
  [
    "Zürich: neue Anschrift",
    "Wir sind umgezogen. Die neue Anschrift steht unten.\n\nSeestraße 14\n8002 Zürich",
  ],
  ["Thank you", "Just that. The parcel was here a day early, and well packed. 🎉"],
  ["Where is my order?", "It was to come on Tuesday. The link in your mail says that it is on its way."],
  [
    "Access for a new colleague",
    "Ms Okafor begins on Monday. Could she have what I have, but for the warehouse?",
  ],
  ["A typo on your start page", "“Recieve” is spelled wrongly in the second line. I before E, as ever!"],
  ["Can I have my data?", "Please send me everything that you keep about me, and delete it afterwards."],
  ["مرحبا", "هل يمكنني الحصول على نسخة من الدليل باللغة العربية؟"],
];

const OFFERS: [topic: string, message: string][] = [
  [
    "Rank first on every search engine",
    "Dear owner, your site is on page nine. We can fix that. Click here.",
  ],
  ["You have been chosen", "You have been chosen out of many. Answer with your account number to be paid."],
  ["Cheap watches <b>today only</b>", "Buy one, get five. <script>alert(1)</script>"],
];

/** The n-th message, the newest being 0, the same at every run. Topics repeat after a while and carry a number. */
export function demoMessage(n: number) {
  const spam = n % 30 === 4 || n % 30 === 13 || n % 30 === 22;
  const [topic, message] = spam ? pick(OFFERS, Math.floor(n / 9)) : pick(LETTERS, n);
  return {
    email: spam ? "offers@spam.example" : pick(PEOPLE, n),
    topic: topic + numbered(n, spam ? 30 : LETTERS.length),
    message,
    unread: [0, 1, 2, 5, 8].includes(n % 30),
    spam,
  };
}
