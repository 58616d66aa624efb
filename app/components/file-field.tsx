import { Field } from "~/components/field";
import type { Problem } from "~/components/problem";
import type { useChosenFile } from "~/components/upload";

interface FileFieldProps {
  name: string;
  label: string;
  hint: string;
  chosen: ReturnType<typeof useChosenFile>;
  problem: Problem | undefined;
  /** Kinds that the browser offers. */
  accept?: string;
  /** More than one may be chosen. */
  multiple?: boolean;
}

/** The field of a file. What is too large says so before it is sent. */
export function FileField({ name, label, hint, chosen, problem, ...input }: FileFieldProps) {
  const tooLarge = chosen.error && { values: {}, errors: [{ name, message: chosen.error }] };
  return (
    <Field name={name} label={label} hint={hint} problem={tooLarge || problem}>
      {({ defaultValue: _, ...control }) => (
        <input {...control} {...input} type="file" onChange={chosen.onChange} />
      )}
    </Field>
  );
}
