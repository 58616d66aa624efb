import { Field, notesOf } from "~/components/field";
import type { Problem } from "~/components/problem";
import type { FieldView } from "./fields.server";
import { FileInput } from "./file-input";
import { LookupInput } from "./lookup-input";

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
  const { name, label, widget, help, required, maxLength, choices = [] } = field;
  const hint = [
    help,
    !required && !help && "Optional",
    maxLength && `Up to ${maxLength.toLocaleString("en")} characters`,
    widget === "datetime" && "UTC",
  ]
    .filter(Boolean)
    .join(". ");
  if (widget === "lookup") return <LookupInput field={field} hint={hint} value={value} problem={problem} />;
  if (widget === "file") return <FileInput field={field} hint={hint} value={value} problem={problem} />;
  if (widget === "checkbox") return <Tick field={field} value={value} problem={problem} />;
  return (
    <Field name={name} label={label} hint={hint} problem={problem}>
      {(control) => {
        const common = { ...control, defaultValue: problem ? (control.defaultValue ?? "") : value };
        if (widget === "textarea" || widget === "json") return <textarea rows={5} {...common} />;
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
          <input
            {...common}
            type={TYPES[widget] ?? "text"}
            inputMode={widget === "number" ? "numeric" : undefined}
            step={widget === "datetime" ? 1 : undefined}
            autoComplete="off"
          />
        );
      }}
    </Field>
  );
}

function Tick({ field, value, problem }: { field: FieldView; value: string; problem: Problem | undefined }) {
  const { name, label, help } = field;
  const checked = problem ? problem.values[name] === "on" : value === "on";
  const { notes, described } = notesOf(name, help, problem);
  return (
    <div className="field tick">
      <label>
        <input type="checkbox" id={name} name={name} value="on" defaultChecked={checked} {...described} />
        {label}
      </label>
      {notes}
    </div>
  );
}
