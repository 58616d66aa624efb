/** What a form looks up by a search: it comes back with what was found, and with all that was typed and ticked. */
import type { CurrentUser } from "#models/current-user.server";
import { wordsOf } from "#models/search.server";
import type { Many } from "~/services/admin.server";
import type { Choice, Field } from "./fields.server";
import { wordsFor } from "./form-names";
import { isSearched } from "./many.server";
import { lookUp, namesOf } from "./references.server";

/** What a search shows at once. */
const MOST_FOUND = 50;

/** What a form that comes back has to show of a field beside what the row has. */
export interface Picked {
  /** What is chosen, and what was found. */
  choices: Choice[];
  words: string;
  /** How many were found; null for more than are shown, and nobody has counted them. */
  matches: number | null;
  /** More are found than are shown. */
  isCut: boolean;
}

/** What is chosen in the fields that are looked up, and what their searches find: as text, to go with what was typed. */
export async function pickedOf(
  { fields, many }: { fields: Field[]; many: Many[] },
  typed: Record<string, string>,
  by: CurrentUser,
): Promise<string> {
  const picked: Record<string, Picked> = {};
  for (const one of many.filter(({ grid }) => !grid)) {
    const all = await one.choices();
    if (!isSearched(one, all)) continue;
    const chosen = new Set((typed[one.name] ?? "").split("\n"));
    const words = wordsOf(typed[wordsFor(one.name)] ?? "");
    const found = words.length > 0 ? all.filter(holds(words)) : [];
    const ticked = all.filter(({ value }) => chosen.has(value));
    picked[one.name] = pick(ticked, found, words);
  }
  // A field that is looked up sends its words, however few.
  for (const field of fields.filter(({ name }) => wordsFor(name) in typed)) {
    const words = wordsOf(typed[wordsFor(field.name)]!);
    const value = typed[field.name] ?? "";
    const names = await namesOf(field, [value]);
    const chosen = [...names].map(([value, label]) => ({ value, label }));
    // What is chosen may be among them.
    const found = await lookUp(field, words.join(" "), by, MOST_FOUND + 2);
    const view = pick(chosen, found, words);
    picked[field.name] = view.isCut ? { ...view, matches: null } : view;
  }
  return JSON.stringify(picked);
}

function pick(chosen: Choice[], found: Choice[], words: string[]): Picked {
  const fresh = found.filter(({ value }) => !chosen.some((one) => one.value === value));
  return {
    choices: [...chosen, ...fresh.slice(0, MOST_FOUND)],
    words: words.join(" "),
    matches: found.length,
    isCut: fresh.length > MOST_FOUND,
  };
}

const holds = (words: string[]) => {
  const wanted = words.map((word) => word.toLowerCase());
  return ({ label }: Choice) => wanted.every((word) => label.toLowerCase().includes(word));
};
