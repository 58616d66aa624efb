/** Demo to-dos for `manage seed`. */
import { numbered, pick } from "~/services/demo.server";

const VERBS = [
  "Order",
  "Review",
  "Renew",
  "Call about",
  "Send",
  "Check",
  "Plan",
  "Tidy up",
  "Measure",
  "Archive",
];
const THINGS = [
  "the M8 bolts for the workshop",
  "the signed contract for Zürich",
  "the incident report before Friday’s stand-up",
  "the TLS certificate",
  "the backup on the second disk",
  "the leaking tap in the kitchen",
  "the invoices of last month",
  "the new badge printer",
  "the fire drill",
  "the translation of the manual",
  "the spare key 🔑",
];

/** The n-th title; they repeat after 110 and then carry a number. */
export const demoTitle = (n: number) =>
  `${pick(VERBS, n)} ${pick(THINGS, n)}${numbered(n, VERBS.length * THINGS.length)}`;
