import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * A form is not sent again while it is on its way: a double click would do twice what is meant once. One that has been
 * changed meanwhile is sent.
 */
export function useSendOnce() {
  const { state } = useNavigation();
  const isSending = useRef(false);
  isSending.current = state === "submitting";
  useEffect(() => {
    let last = { form: null as EventTarget | null, values: "" };
    const onSubmit = (event: SubmitEvent) => {
      const sent = { form: event.target, values: valuesOf(event) };
      const isAgain = isSending.current && sent.form === last.form && sent.values === last.values;
      last = sent;
      if (!isAgain) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("submit", onSubmit, { capture: true });
    return () => document.removeEventListener("submit", onSubmit, { capture: true });
  }, []);
}

/** What a form sends, files by what tells them apart. */
function valuesOf({ target, submitter }: SubmitEvent) {
  const entries = [...new FormData(target as HTMLFormElement, submitter)];
  return JSON.stringify(
    entries.map(([name, value]) =>
      value instanceof File ? [name, value.name, value.size, value.lastModified] : [name, value],
    ),
  );
}
