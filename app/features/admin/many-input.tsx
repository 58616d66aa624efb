import { type ReactNode, useEffect, useRef } from "react";
import type { Problem } from "~/components/problem";
import type { Choice } from "./fields.server";
import type { ManyView, Picked } from "./many.server";

/** Many of another model: a tick each, above 50 with a search, or a table of model by action. */
export function ManyInput({
  many,
  value,
  problem,
}: {
  many: ManyView;
  value: string;
  problem: Problem | undefined;
}) {
  const { name, label, help, grid, total } = many;
  const chosen = new Set((problem ? (problem.values[name] ?? "") : value).split("\n").filter(Boolean));
  const picked = problem && pickedFor(name, problem);
  const choices = total ? unite(many.choices, picked?.choices ?? [], chosen) : many.choices;
  const tick = (choice: Choice, hidden = false) => (
    <label key={choice.value}>
      <input type="checkbox" name={name} value={choice.value} defaultChecked={chosen.has(choice.value)} />
      <span className={hidden ? "hidden" : undefined}>{choice.label}</span>
    </label>
  );
  return (
    <fieldset className="many" id={name}>
      <legend>{label}</legend>
      {help && <small>{help}</small>}
      {choices.length === 0 && <p className="soft">{total ? "None is chosen." : "There are none yet."}</p>}
      {grid ? (
        <Grid choices={choices} tick={(choice) => tick(choice, true)} />
      ) : (
        <div className="ticks">{choices.map((choice) => tick(choice))}</div>
      )}
      {total && <Search name={name} label={label} total={total} picked={picked} problem={problem} />}
    </fieldset>
  );
}

/** Sends the whole form, which comes back with what was found, and with all that was typed and ticked. */
function Search({
  name,
  label,
  total,
  picked,
  problem,
}: {
  name: string;
  label: string;
  total: number;
  picked: Picked | undefined;
  problem: Problem | undefined;
}) {
  const field = useRef<HTMLInputElement>(null);
  const isFound = Boolean(picked?.words && (problem?.values._search || problem?.values._enter));
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
          name={`_words_${name}`}
          ref={field}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the person has just searched here.
          autoFocus={isFound}
        />
      </label>
      <button type="submit" className="button" name="_search" value={name}>
        Search
      </button>
      <p className="soft" role="status">
        {picked?.words ? tell(picked) : `There are ${total.toLocaleString("en")}. Search to choose more.`}
      </p>
    </div>
  );
}

function tell({ words, matches, isCut }: Picked) {
  const fit =
    matches === 0 ? "None fits" : `${matches.toLocaleString("en")} ${matches === 1 ? "fits" : "fit"}`;
  return `${fit} “${words}”.${isCut ? " The first are shown; add a word." : ""}`;
}

function pickedFor(name: string, { values }: Problem): Picked | undefined {
  const all: Record<string, Picked> = JSON.parse(values._picked ?? "{}");
  return all[name];
}

/** Each once, and what is ticked in any case: what would not be shown would be lost. */
function unite(had: Choice[], picked: Choice[], chosen: Set<string>): Choice[] {
  const all = new Map([...chosen].map((value) => [value, { value, label: value }]));
  for (const choice of [...had, ...picked]) all.set(choice.value, choice);
  return [...all.values()];
}

type Tick = (choice: Choice) => ReactNode;

/** Permissions such as `change_todo`: a row a model, a column an action. */
function Grid({ choices, tick }: { choices: Choice[]; tick: Tick }) {
  const split = choices.map((choice) => ({ choice, at: choice.value.indexOf("_") }));
  const actions = [...new Set(split.map(({ choice, at }) => choice.value.slice(0, at)))];
  const models = [...new Set(split.map(({ choice, at }) => choice.value.slice(at + 1)))];
  const of = (action: string, model: string) => choices.find(({ value }) => value === `${action}_${model}`);
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col">Model</th>
          {actions.map((action) => (
            <th scope="col" key={action}>
              {action}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <tr key={model}>
            <th scope="row">{model.replaceAll("_", " ")}</th>
            {actions.map((action) => {
              const choice = of(action, model);
              return <td key={action}>{choice && tick(choice)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
