/** The many of a row: drawn as ticks, or where there are too many to draw, found by a search. */
import { wordsOf } from "#models/search.server";
import type { Many } from "~/services/admin.server";
import type { Choice } from "./fields.server";

/** More than these are looked up by a search, which shows as many at once. */
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

/** What a form that comes back has to show of a many beside what the row has. */
export interface Picked {
  /** What is ticked, and what was found. */
  choices: Choice[];
  words: string;
  matches: number;
  /** More are found than are shown. */
  isCut: boolean;
}

/** Names of what the form sends for the search: what is looked for, and what is looked up. */
export const wordsFor = (name: string) => `_words_${name}`;
export const PICKED = "_picked";

export async function manyView(
  { name, label, help, grid, choices }: Many,
  chosen: string[] = [],
): Promise<ManyView> {
  const all = await choices();
  const view = { name, label, help, grid, choices: all };
  return isSearched({ grid }, all) ? { ...view, choices: among(all, chosen), total: all.length } : view;
}

/** What is ticked of the many, and what their search fields find: as text, to go along with what was typed. */
export async function pickedOf(many: Many[], typed: Record<string, string>): Promise<string> {
  const picked: Record<string, Picked> = {};
  for (const one of many.filter(({ grid }) => !grid)) {
    const all = await one.choices();
    if (!isSearched(one, all)) continue;
    const ticked = (typed[one.name] ?? "").split("\n");
    const words = wordsOf(typed[wordsFor(one.name)] ?? "");
    const found = words.length > 0 ? all.filter(holds(words)) : [];
    const fresh = found.filter(({ value }) => !ticked.includes(value));
    picked[one.name] = {
      choices: [...among(all, ticked), ...fresh.slice(0, MOST_TICKS)],
      words: words.join(" "),
      matches: found.length,
      isCut: fresh.length > MOST_TICKS,
    };
  }
  return JSON.stringify(picked);
}

const isSearched = ({ grid }: Pick<Many, "grid">, all: Choice[]) => !grid && all.length > MOST_TICKS;

const among = (all: Choice[], values: string[]) => {
  const wanted = new Set(values);
  return all.filter(({ value }) => wanted.has(value));
};

const holds = (words: string[]) => {
  const wanted = words.map((word) => word.toLowerCase());
  return ({ label }: Choice) => wanted.every((word) => label.toLowerCase().includes(word));
};
