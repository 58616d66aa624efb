/** The many of a row: drawn as ticks, or where there are too many to draw, found by a search. */
import type { Many } from "~/services/admin.server";
import type { Choice } from "./fields.server";

/** More than these are looked up by a search. */
const MOST_TICKS = 50;

/** A many as the page draws it. */
export interface ManyView {
  name: string;
  label: string;
  help?: string;
  grid?: boolean;
  /** All there are; with `total` those that the row has. */
  choices: Choice[];
  /** How many there are, where they are looked up by a search. */
  total?: number;
}

export async function manyView(
  { name, label, help, grid, choices }: Many,
  chosen: string[] = [],
): Promise<ManyView> {
  const all = await choices();
  const view = { name, label, help, grid, choices: all };
  if (!isSearched({ grid }, all)) return view;
  const had = new Set(chosen);
  return { ...view, choices: all.filter(({ value }) => had.has(value)), total: all.length };
}

/** What the many of a row are called, by value; a table of names needs no others. */
export const labelsOf = async ({ grid, choices }: Many): Promise<Map<string, string>> =>
  new Map(grid ? [] : (await choices()).map(({ value, label }) => [value, label]));

export const isSearched = ({ grid }: Pick<Many, "grid">, all: Choice[]) => !grid && all.length > MOST_TICKS;
