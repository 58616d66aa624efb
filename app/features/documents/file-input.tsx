import { Field } from "~/components/field";
import { sizeWords } from "~/components/file-size";
import type { Problem } from "~/components/problem";
import { useChosenFile } from "~/components/upload";

interface FileInputProps {
  label: string;
  /** What to know besides its limit. */
  hint?: string;
  maxBytes: number;
  /** Files that may be chosen; without it one. */
  most?: number;
  problem: Problem | undefined;
}

/** The field of a file for the vault. What is too large says so before it is sent. */
export function FileInput({ label, hint = "", maxBytes, most = 1, problem }: FileInputProps) {
  const { error, onChange } = useChosenFile({ label: "The file", maxBytes });
  const tooLarge = error && { values: {}, errors: [{ name: "file", message: error }] };
  const limit = `Up to ${sizeWords(maxBytes)}${most > 1 ? ` each, up to ${most} at once` : ""}`;
  return (
    <Field
      name="file"
      label={label}
      hint={[limit, hint].filter(Boolean).join(". ")}
      problem={tooLarge || problem}
    >
      {({ defaultValue: _, ...control }) => (
        <input {...control} type="file" multiple={most > 1} onChange={onChange} />
      )}
    </Field>
  );
}
