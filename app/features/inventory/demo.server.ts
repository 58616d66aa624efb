/** Demo items for `manage seed`. */
import { DAY } from "#models/time";
import { pick } from "~/services/demo.server";

const KINDS: [name: string, code: string][] = [
  ["Bolt", "BLT"],
  ["Nut", "NUT"],
  ["Bolt", "BLT"],
  ["Washer", "WSH"],
  ["Screw", "SCR"],
  ["Anchor", "ANC"],
  ["Bolt", "BLT"],
  ["Hinge", "HNG"],
  ["Bracket", "BRK"],
  ["Rivet", "RVT"],
];
const SIZES = ["M3", "M4", "M5", "M6", "M8", "M10", "M12", "M16", "M20"];
const FINISHES = [
  "zinc",
  "stainless",
  "brass",
  "nylon",
  "galvanised",
  "black oxide",
  "plain",
  "verzinkt, für außen",
];
const RACKS = "ABCDEF";

/** Items whose stock has moved; the others were only ever counted. */
const LIVELY = 200;

/** The n-th item, the same at every run, with the moves that have led to its quantity; `at` is how long ago. */
export function demoItem(n: number) {
  const [kind, code] = pick(KINDS, n);
  return {
    name: `${kind} ${pick(SIZES, n * 7)} × ${10 + ((n * 3) % 16) * 5}, ${pick(FINISHES, n * 5)}`,
    sku: `${code}-${String(n).padStart(6, "0")}`,
    location: n % 23 === 7 ? "" : `Rack ${RACKS[(n * 5) % RACKS.length]}${1 + (n % 9)}`,
    lowStock: 20,
    price: n % 11 === 3 ? null : 5 + ((n * 37) % 2_400),
    moves:
      n < LIVELY
        ? lively(n)
        : [
            {
              at: DAY,
              reason: "count" as const,
              delta: n % 17 === 5 ? (n % 3) * 8 : 30 + ((n * 13) % 400),
              reference: "Opening stock",
            },
          ],
  };
}

/** Opened, issued bit by bit, filled up, and counted. */
function lively(n: number) {
  const moves: { at: number; reason: "receive" | "issue" | "count"; delta: number; reference: string }[] = [];
  let stock = 0;
  const move = (daysAgo: number, reason: "receive" | "issue" | "count", delta: number, reference: string) => {
    const kept = Math.max(delta, -stock);
    if (kept === 0) return;
    stock += kept;
    moves.push({ at: daysAgo * DAY, reason, delta: kept, reference });
  };
  move(80, "count", 60 + ((n * 13) % 120), "Opening stock");
  for (let week = 0; week < 10; week += 1) {
    const daysAgo = 74 - week * 7 - (n % 4);
    move(
      daysAgo,
      "issue",
      -(9 + ((n * 7 + week * 11) % 24)),
      pick(["Workshop", "Order 2041", "Site office", ""], n + week),
    );
    if (week % 4 === 2 && n % 6 !== 1) move(daysAgo - 2, "receive", 100, `PO ${4700 + ((n + week) % 90)}`);
  }
  if (n % 5 === 2) move(1, "count", -1, "Stocktake");
  return moves;
}
