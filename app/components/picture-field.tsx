import { Field } from "~/components/field";
import { sizeWords } from "~/components/file-size";
import { PICTURE_KINDS } from "~/components/picture-kinds";
import type { Problem } from "~/components/problem";
import type { useChosenFile } from "~/components/upload";

interface PictureFieldProps {
  name: string;
  label: string;
  maxBytes: number;
  chosen: ReturnType<typeof useChosenFile>;
  problem: Problem | undefined;
}

/** The field of a picture that `images.server` is to draw. What is too large says so before it is sent. */
export function PictureField({ name, label, maxBytes, chosen, problem }: PictureFieldProps) {
  const tooLarge = chosen.error && { values: {}, errors: [{ name, message: chosen.error }] };
  return (
    <Field
      name={name}
      label={label}
      hint={`JPEG, PNG, WebP, GIF or AVIF, smaller than ${sizeWords(maxBytes)}`}
      problem={tooLarge || problem}
    >
      {({ defaultValue: _, ...control }) => (
        <input {...control} type="file" accept={PICTURE_KINDS} onChange={chosen.onChange} />
      )}
    </Field>
  );
}
