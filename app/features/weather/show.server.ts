/** What the page gets of a reading: the numbers of now, and the days as HTML. */
import { drawDays } from "./days.server";
import type { Unit } from "./memory.server";
import type { Reading } from "./source.server";
import { viewOf } from "./view.server";

const shown = new WeakMap<Reading, Partial<Record<Unit, ReturnType<typeof make>>>>();

function make(reading: Reading, unit: Unit) {
  const view = viewOf(reading, unit);
  const { days: _days, chart: _chart, ...now } = view;
  return { now, days: drawDays(view) };
}

/** Made once for each reading and unit: the cache gives the same reading again for as long as it is the newest. */
export function show(reading: Reading, unit: Unit) {
  const made = shown.get(reading) ?? {};
  shown.set(reading, made);
  made[unit] ??= make(reading, unit);
  return made[unit];
}
