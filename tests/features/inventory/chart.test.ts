import { describe, expect, it } from "vitest";
import { chartOf } from "~/features/inventory/chart.server";

const now = new Date("2026-06-30T12:00:00Z");
const DAY = 24 * 60 * 60 * 1000;
/** A ledger, the newest first, of [days ago, delta] in the order of time. */
function ledger(...moves: [number, number][]) {
  let balance = 0;
  return moves
    .map(([daysAgo, delta]) => {
      balance += delta;
      return { createdAt: new Date(now.getTime() - daysAgo * DAY), delta, balance };
    })
    .toReversed();
}

describe("the chart of stock", () => {
  it("is nothing where nothing has moved", () => expect(chartOf([], true, now)).toBeNull());
  it("goes in steps from the first move to now, and says the same in words", () => {
    const chart = chartOf(ledger([60, 100], [30, -50]), true, now)!;
    expect(chart.line).toBe("M0 2H0V2H150V32H300");
    expect(chart.area).toBe("M0 2H0V2H150V32H300V64H0Z");
    expect(chart.text).toBe("Stock over the last 60 days: from 100 to 50, at least 50, at most 100.");
  });
  it("shows 90 days, beginning with what there was then", () => {
    const chart = chartOf(ledger([400, 100], [100, -60], [45, 60]), true, now)!;
    expect(chart.from).toEqual(new Date(now.getTime() - 90 * DAY));
    expect(chart.line).toBe("M0 38H150V2H300");
    expect(chart.text).toBe("Stock over the last 90 days: from 40 to 100, at least 40, at most 100.");
  });
  it("is a level line where nothing has moved for longer", () =>
    expect(chartOf(ledger([400, 7]), true, now)!.text).toBe(
      "Stock over the last 90 days: from 7 to 7, at least 7, at most 7.",
    ));
  it("of a part of the ledger begins with what there was before its oldest move", () => {
    const [newest, older] = ledger([50, 100], [20, 20], [10, 30]);
    expect(chartOf([newest!, older!], false, now)!.text).toBe(
      "Stock over the last 20 days: from 100 to 150, at least 100, at most 150.",
    );
  });
  it("of nothing in stock lies on the ground, and never divides by it", () => {
    const chart = chartOf(ledger([10, 0]), true, now)!;
    expect(chart.line).toBe("M0 62H0V62H300");
    expect(chartOf(ledger([0, 5]), true, now)!.line).toBe("M0 2H0V2H300");
  });
});
