import { useEffect, useRef } from "react";
import type { Problem } from "~/components/problem";
import type { Choice } from "./fields.server";
import { ENTER, PICKED, SEARCH, wordsFor } from "./form-names";
import type { Picked } from "./look-up.server";

/** Sends the whole form, which comes back with what was found, and with all that was typed and ticked. */
export function LookUp({
  name,
  label,
  total,
  picked,
  problem,
}: {
  name: string;
  label: string;
  /** How many there are, where that is known. */
  total?: number;
  picked: Picked | undefined;
  problem: Problem | undefined;
}) {
  const field = useRef<HTMLInputElement>(null);
  const isFound = Boolean(picked?.words && (problem?.values[SEARCH] || problem?.values[ENTER]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer empties the field for the next words.
  useEffect(() => {
    if (!isFound || !field.current) return;
    field.current.value = "";
    field.current.focus();
  }, [problem]);
  return (
    <div className="look-up">
      <label>
        <span>Search {label.toLowerCase()}</span>
        <input
          type="search"
          name={wordsFor(name)}
          ref={field}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the person has just searched here.
          autoFocus={isFound}
        />
      </label>
      <button type="submit" className="button" name={SEARCH} value={name}>
        Search
      </button>
      <p className="soft" role="status">
        {picked?.words
          ? tell(picked)
          : total
            ? `There are ${total.toLocaleString("en")}. Search to choose more.`
            : "There are too many to show. Search to choose one."}
      </p>
    </div>
  );
}

function tell({ words, matches, isCut }: Picked) {
  const count = matches?.toLocaleString("en") ?? "Many";
  const found = matches === 0 ? "None matches" : `${count} ${matches === 1 ? "matches" : "match"}`;
  return `${found} “${words}”.${isCut ? " The first are shown; add a word." : ""}`;
}

export function pickedFor(name: string, { values }: Problem): Picked | undefined {
  const all: Record<string, Picked> = JSON.parse(values[PICKED] ?? "{}");
  return all[name];
}

/** Each once, and what is chosen in any case: what would not be shown would be lost. */
export function unite(had: Choice[], picked: Choice[], chosen: Set<string>): Choice[] {
  const all = new Map([...chosen].map((value) => [value, { value, label: value }]));
  for (const choice of [...had, ...picked]) all.set(choice.value, choice);
  return [...all.values()];
}
