import type { ReactNode } from "react";
import type { Problem } from "~/components/problem";

interface FieldProps {
  name: string;
  label: string;
  /** What helps to fill it in. */
  hint?: string;
  problem: Problem | undefined;
  /** The control, given what makes it part of the field. */
  children(control: Control): ReactNode;
}

/** Attributes of the input, select or textarea in a field. */
interface Control {
  id: string;
  name: string;
  /** What was typed, where the form comes back. */
  defaultValue: string | undefined;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

/** The message for a field, if it has one. */
export const errorOf = (problem: Problem | undefined, name: string) =>
  problem?.errors.find((error) => error.name === name)?.message;

/** The hint of a field and what is wrong with it, and the attributes that tie a control to them. */
export function notesOf(name: string, hint: string | undefined, problem: Problem | undefined) {
  const error = errorOf(problem, name);
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  const notes = (
    <>
      {hint && <small id={`${name}-hint`}>{hint}</small>}
      {error && (
        <span className="error" id={`${name}-error`}>
          {error}
        </span>
      )}
    </>
  );
  const described = {
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": describedBy || undefined,
  };
  return { notes, described };
}

/** A labelled control with its hint and what is wrong with it. */
export function Field({ name, label, hint, problem, children }: FieldProps) {
  const { notes, described } = notesOf(name, hint, problem);
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {notes}
      {children({ id: name, name, defaultValue: problem?.values[name], ...described })}
    </div>
  );
}
