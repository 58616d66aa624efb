/** Demo tasks for `manage seed`. */
import { numbered, pick } from "~/services/demo.server";

const VERBS = [
  "Prepare",
  "Book",
  "Repair",
  "Update",
  "Compare",
  "Sign",
  "Count",
  "Replace",
  "Translate",
  "Test",
];
const THINGS = [
  "the offer for the harbour office",
  "the room for the quarterly review",
  "the forklift",
  "the price list",
  "three quotes for the new roof",
  "the lease of the van",
  "the bolts in rack 7",
];

/** The n-th title; they repeat after 70 and then carry a number. */
export const demoTitle = (n: number) =>
  `${pick(VERBS, n)} ${pick(THINGS, n)}${numbered(n, VERBS.length * THINGS.length)}`;
