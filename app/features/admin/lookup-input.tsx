import { notesOf } from "~/components/field";
import type { Problem } from "~/components/problem";
import type { FieldView } from "./fields.server";
import { LookUp, pickedFor, unite } from "./look-up";

/** A reference to more rows than a select can hold: what it refers to, and what a search in the form has found. */
export function LookupInput({
  field,
  hint,
  value,
  problem,
}: {
  field: FieldView;
  hint: string;
  value: string;
  problem: Problem | undefined;
}) {
  const { name, label, required, choices = [] } = field;
  const chosen = problem ? (problem.values[name] ?? "") : value;
  const picked = problem && pickedFor(name, problem);
  const all = unite(choices, picked?.choices ?? [], new Set(chosen ? [chosen] : []));
  const none = required && chosen ? [] : [{ value: "", label: "None" }];
  const { notes, described } = notesOf(name, hint, problem);
  return (
    <fieldset className="many" id={name} tabIndex={-1} aria-describedby={described["aria-describedby"]}>
      <legend>{label}</legend>
      {notes}
      <div className="ticks">
        {[...none, ...all].map((choice) => (
          <label key={choice.value}>
            <input type="radio" name={name} value={choice.value} defaultChecked={choice.value === chosen} />
            {choice.label}
          </label>
        ))}
      </div>
      <LookUp name={name} label={label} picked={picked} problem={problem} />
    </fieldset>
  );
}
