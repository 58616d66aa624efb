import { Field } from "~/components/field";
import { sizeWords } from "~/components/file-size";
import type { Problem } from "~/components/problem";
import type { FieldView } from "./fields.server";
import { removeFor } from "./form-names";

/** A file: what is there, a tick that takes it away, and a chooser for another. */
export function FileInput({
  field,
  hint,
  value,
  problem,
}: {
  field: FieldView;
  hint: string;
  /** Its key in the file store. */
  value: string;
  problem: Problem | undefined;
}) {
  const { name, label, required, accept, maxBytes } = field;
  const url = value && `/media/${value}`;
  const limit = maxBytes && `Smaller than ${sizeWords(maxBytes)}`;
  return (
    <Field name={name} label={label} hint={[hint, limit].filter(Boolean).join(". ")} problem={problem}>
      {({ defaultValue: _, ...control }) => (
        <div className="file">
          {url && (
            <a href={url}>
              {accept?.startsWith("image/") ? (
                <img src={url} alt={`${label} as it is now`} height={72} loading="lazy" />
              ) : (
                "The file as it is now"
              )}
            </a>
          )}
          <div>
            <input {...control} type="file" accept={accept} />
            {url && !required && (
              <label className="tick">
                <input type="checkbox" name={removeFor(name)} value="1" /> Remove {label.toLowerCase()}
              </label>
            )}
          </div>
        </div>
      )}
    </Field>
  );
}
