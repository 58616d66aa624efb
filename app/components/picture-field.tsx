import type { ComponentProps } from "react";
import { FileField } from "~/components/file-field";
import { sizeWords } from "~/components/file-size";
import { PICTURE_KINDS } from "~/components/picture-kinds";

interface PictureFieldProps extends Omit<ComponentProps<typeof FileField>, "hint"> {
  maxBytes: number;
}

/** The field of a picture that `images.server` is to draw. */
export const PictureField = ({ maxBytes, ...field }: PictureFieldProps) => (
  <FileField
    {...field}
    hint={`JPEG, PNG, WebP, GIF or AVIF, smaller than ${sizeWords(maxBytes)}`}
    accept={PICTURE_KINDS}
  />
);
