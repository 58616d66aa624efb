/** Stock over time, as a line in steps. */
import { DAY } from "#models/time";
import { counted } from "~/components/counted";

/** Days that it shows at most. */
const DAYS = 90;

/** Units of the drawing; it is stretched to the width that there is. */
const WIDTH = 300;
const HEIGHT = 64;

export interface StockChart {
  /** The path of the line, and of what is below it. */
  line: string;
  area: string;
  width: number;
  height: number;
  from: Date;
  /** The same in words. */
  text: string;
}

interface Move {
  createdAt: Date;
  delta: number;
  balance: number;
}

/**
 * Draws the last 90 days of a ledger, the newest move first; less where the item is younger, or where these are not
 * all of its moves (`isWhole`). Null where nothing has moved.
 */
export function chartOf(moves: Move[], isWhole: boolean, now = new Date()): StockChart | null {
  const oldest = moves.at(-1);
  if (!oldest) return null;
  const horizon = new Date(now.getTime() - DAYS * DAY);
  const from = oldest.createdAt > horizon ? oldest.createdAt : horizon;
  const shown = moves.filter(({ createdAt }) => createdAt >= from).toReversed();
  // Of a ledger that begins within the window there is nothing before its first row.
  const first = shown[0] ?? null;
  const before = first
    ? first === oldest && isWhole
      ? first.balance
      : first.balance - first.delta
    : moves[0]!.balance;
  const balances = [before, ...shown.map(({ balance }) => balance)];
  const highest = Math.max(...balances);
  const lowest = Math.min(...balances);
  const span = Math.max(now.getTime() - from.getTime(), 1);
  const x = (at: Date) => round(((at.getTime() - from.getTime()) / span) * WIDTH);
  // A line at the very edge would lose half its width.
  const y = (balance: number) => round(HEIGHT - 2 - (highest === 0 ? 0 : (balance / highest) * (HEIGHT - 4)));
  const steps = shown.map(({ createdAt, balance }) => `H${x(createdAt)}V${y(balance)}`).join("");
  const line = `M0 ${y(before)}${steps}H${WIDTH}`;
  const number = (balance: number) => balance.toLocaleString("en");
  const days = Math.max(1, Math.round(span / DAY));
  return {
    line,
    area: `${line}V${HEIGHT}H0Z`,
    width: WIDTH,
    height: HEIGHT,
    from,
    text:
      `Stock over the last ${days === 1 ? "day" : counted(days, "day")}: from ${number(before)} to ` +
      `${number(balances.at(-1)!)}, at least ${number(lowest)}, at most ${number(highest)}.`,
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
