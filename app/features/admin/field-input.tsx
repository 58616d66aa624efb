import { Link } from "@remix-run/react";
import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import type { FieldView, ManyView } from "./form.server";

const TYPES: Record<string, string> = { email: "email", date: "date", datetime: "datetime-local" };

/** One field of a model's form. */
export function FieldInput({
  field,
  value,
  problem,
}: {
  field: FieldView;
  value: string;
  problem: Problem | undefined;
}) {
  const { name, label, widget, help, required, maxLength, choices = [], lookup } = field;
  const hint = [
    help,
    !required && widget !== "checkbox" && !help && "Optional",
    widget === "datetime" && "UTC",
  ]
    .filter(Boolean)
    .join(". ");
  if (widget === "checkbox") return <Tick field={field} value={value} problem={problem} />;
  return (
    <Field name={name} label={label} hint={hint} problem={problem}>
      {(control) => {
        const common = { ...control, defaultValue: problem ? (control.defaultValue ?? "") : value };
        if (widget === "textarea" || widget === "json")
          return <textarea rows={widget === "json" ? 6 : 5} {...common} />;
        if (widget === "select") {
          return (
            <select {...common}>
              {(!required || !value) && <option value="">—</option>}
              {value && !choices.some((choice) => choice.value === value) && (
                <option value={value}>#{value}</option>
              )}
              {choices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
            </select>
          );
        }
        return (
          <>
            <input
              {...common}
              type={TYPES[widget] ?? "text"}
              inputMode={widget === "number" ? "numeric" : undefined}
              step={widget === "datetime" ? 1 : undefined}
              maxLength={undefined}
              autoComplete="off"
              data-max={maxLength}
            />
            {lookup && <Link to={lookup}>Look up the number</Link>}
          </>
        );
      }}
    </Field>
  );
}

function Tick({ field, value, problem }: { field: FieldView; value: string; problem: Problem | undefined }) {
  const { name, label, help } = field;
  const checked = problem ? problem.values[name] === "on" : value === "on";
  return (
    <div className="field tick">
      <label>
        <input type="checkbox" id={name} name={name} value="on" defaultChecked={checked} />
        {label}
      </label>
      {help && <small>{help}</small>}
    </div>
  );
}

/** Many of another model: a tick each, or a table of model by action. */
export function ManyInput({
  many,
  value,
  problem,
}: {
  many: ManyView;
  value: string;
  problem: Problem | undefined;
}) {
  const { name, label, help, choices, grid } = many;
  const chosen = new Set((problem ? (problem.values[name] ?? "") : value).split("\n"));
  const tick = (choice: { value: string; label: string }, hidden = false) => (
    <label key={choice.value}>
      <input type="checkbox" name={name} value={choice.value} defaultChecked={chosen.has(choice.value)} />
      <span className={hidden ? "hidden" : undefined}>{choice.label}</span>
    </label>
  );
  return (
    <fieldset className="many" id={name}>
      <legend>{label}</legend>
      {help && <small>{help}</small>}
      {choices.length === 0 && <p className="soft">There are none yet.</p>}
      {grid ? (
        <Grid choices={choices} tick={(choice) => tick(choice, true)} />
      ) : (
        <div className="ticks">{choices.map((choice) => tick(choice))}</div>
      )}
    </fieldset>
  );
}

type Tick = (choice: { value: string; label: string }) => React.ReactNode;

/** Permissions such as `change_todo`: a row a model, a column an action. */
function Grid({ choices, tick }: { choices: { value: string; label: string }[]; tick: Tick }) {
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
