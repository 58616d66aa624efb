import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { errorOf, Field } from "~/components/field";
import { announce } from "~/components/flash-messages";
import { PictureField } from "~/components/picture-field";
import type { Problem } from "~/components/problem";
import { isUploading, UploadProgress, useChosenFile } from "~/components/upload";
import { PICTURE } from "./picture-limit";

const formOf = (element: Element | null) => element?.closest("form");
const control = (form: HTMLFormElement | null | undefined, name: string) =>
  form?.elements.namedItem(name) as (HTMLInputElement & HTMLTextAreaElement) | null;

/** Puts a picture into the text: where the cursor is, without JavaScript at the end. `added` is the last one. */
export function AddPicture({ problem, added }: { problem: Problem | undefined; added: string | undefined }) {
  const box = useRef<HTMLDetailsElement>(null);
  const chosen = useChosenFile(PICTURE);
  const hasNews = Boolean(added || chosen.error || errorOf(problem, "picture"));
  // News open it; it is not closed again by itself.
  const [first] = useState(hasNews);
  useEffect(() => {
    if (hasNews && box.current) box.current.open = true;
  }, [hasNews]);
  useEffect(() => {
    const content = control(formOf(box.current), "content");
    // Where nobody has put it, the cursor is at the end.
    if (content && content !== document.activeElement) content.selectionStart = content.value.length;
  }, []);
  useEffect(() => {
    if (!added) return;
    const form = formOf(box.current);
    insert(control(form, "content"), added);
    for (const name of ["picture", "picture_description"]) {
      const field = control(form, name);
      if (field) field.value = "";
    }
  }, [added]);
  return (
    <details className="adding" ref={box} open={first}>
      <summary>Add a picture</summary>
      <PictureField
        name="picture"
        label="File"
        maxBytes={PICTURE.maxBytes}
        chosen={chosen}
        problem={problem}
      />
      <Field
        name="picture_description"
        label="Description"
        hint="What it shows, for those who cannot see it"
        problem={problem}
      >
        {(field) => <input {...field} autoComplete="off" />}
      </Field>
      <div className="actions">
        <button type="submit" className="button" name="intent" value="picture">
          Add picture
        </button>
        <UploadProgress />
        {added && <small role="status">The picture is in the text now.</small>}
      </div>
    </details>
  );
}

/** A paragraph of its own at the cursor. A page that came as a whole has it already. */
function insert(content: HTMLTextAreaElement | null, added: string) {
  if (!content || content.value.includes(added)) return;
  const { value, selectionEnd: at } = content;
  const before = value.slice(0, at).trim() && !value.slice(0, at).endsWith("\n\n") ? "\n\n" : "";
  const after = /^(\n\n|$)/.test(value.slice(at)) ? "" : "\n\n";
  content.setRangeText(before + added + after, at, at, "end");
  content.dispatchEvent(new Event("input", { bubbles: true }));
}

type Given = ClipboardEvent<HTMLTextAreaElement> | DragEvent<HTMLTextAreaElement>;

/** Handlers for a text into which pictures are pasted or dropped: one is sent as if it had been chosen. */
export const takesPictures = {
  onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => take(event, event.clipboardData),
  onDrop: (event: DragEvent<HTMLTextAreaElement>) => take(event, event.dataTransfer),
  onDragOver(event: DragEvent<HTMLTextAreaElement>) {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  },
};

function take(event: Given, { files, types }: DataTransfer) {
  const [file] = files;
  // What is copied from a text may come as a picture of it, too.
  if (!file || types.includes("text/plain")) return;
  event.preventDefault();
  if (files.length > 1 || isUploading()) {
    return announce({ kind: "error", text: "One picture at a time. Nothing was added." });
  }
  const { form } = event.currentTarget;
  const field = control(form, "picture");
  if (!form || !field) return;
  const one = new DataTransfer();
  one.items.add(file);
  field.files = one.files;
  // What is wrong with it can only be said where it is seen.
  const details = field.closest("details");
  if (details) details.open = true;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  form.requestSubmit(form.querySelector<HTMLButtonElement>('button[value="picture"]'));
}
