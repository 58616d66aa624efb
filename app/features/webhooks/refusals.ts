/** Why an event is refused: the code that it is kept with, what its sender is told, and what staff are told. */

export const REFUSALS = {
  "no-secret": {
    status: 401,
    answer: "invalid signature",
    title: "No secret is set",
  },
  "no-signature": {
    status: 401,
    answer: "invalid signature",
    title: "No signature",
  },
  signature: { status: 401, answer: "invalid signature", title: "Wrong signature" },
  "bad-timestamp": { status: 400, answer: "invalid timestamp", title: "No timestamp" },
  "too-old": { status: 400, answer: "timestamp too old", title: "Timestamp too old" },
  "too-early": { status: 400, answer: "timestamp too far in the future", title: "Timestamp in the future" },
  "bad-id": { status: 400, answer: "invalid event id", title: "Bad event id" },
  "not-json": { status: 400, answer: "invalid JSON", title: "Not a JSON object" },
  conflict: { status: 409, answer: "duplicate event", title: "Same id, another body" },
} as const;

export type Refusal = keyof typeof REFUSALS;

/** In words, also of a code that an older version has left. */
export const titleOf = (refusal: string) =>
  Object.hasOwn(REFUSALS, refusal) ? REFUSALS[refusal as Refusal].title : refusal;
