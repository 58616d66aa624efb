import type { ReactNode } from "react";
import { notesOf } from "~/components/field";
import type { Problem } from "~/components/problem";
import type { Choice } from "./fields.server";
import { LookUp, pickedFor, unite } from "./look-up";
import type { ManyView } from "./many.server";

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
      <span className={hidden ? "visually-hidden" : undefined}>{choice.label}</span>
    </label>
  );
  const { notes, described } = notesOf(name, help, problem);
  return (
    <fieldset className="many" id={name} tabIndex={-1} aria-describedby={described["aria-describedby"]}>
      <legend>{label}</legend>
      {notes}
      {choices.length === 0 && <p className="soft">{total ? "None is chosen." : "There are none yet."}</p>}
      {grid ? (
        <Grid choices={choices} tick={(choice) => tick(choice, true)} />
      ) : (
        <div className="ticks">{choices.map((choice) => tick(choice))}</div>
      )}
      {total && <LookUp name={name} label={label} total={total} picked={picked} problem={problem} />}
    </fieldset>
  );
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
