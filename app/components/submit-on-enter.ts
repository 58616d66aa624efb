import type { KeyboardEvent } from "react";

/** `onKeyDown` of a text whose form is sent by Enter, as in a single line. Shift+Enter begins a new line. */
export function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  // What an input method composes is taken by Enter, too.
  if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
