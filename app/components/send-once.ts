import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * A form is sent once: neither by the second click of a double click nor while it is on its way, unless it was changed
 * meanwhile. A button that is pressed or not means every click.
 */
export function useSendOnce() {
  const { formMethod } = useNavigation();
  const isSending = useRef(false);
  isSending.current = formMethod === "POST";
  useEffect(() => {
    let clicked: HTMLButtonElement | null = null;
    let sent = { form: null as EventTarget | null, values: "" };
    const onClick = (event: MouseEvent) => {
      const button = (event.target as Element).closest("button");
      const sends = button?.type === "submit" && !button.hasAttribute("aria-pressed");
      if (sends && button === clicked && event.detail > 1) event.preventDefault();
      clicked = button;
    };
    const onSubmit = (event: SubmitEvent) => {
      const next = { form: event.target, values: valuesOf(event) };
      const isAgain = isSending.current && next.form === sent.form && next.values === sent.values;
      sent = next;
      if (!isAgain) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("click", onClick, { capture: true });
    document.addEventListener("submit", onSubmit, { capture: true });
    return () => {
      document.removeEventListener("click", onClick, { capture: true });
      document.removeEventListener("submit", onSubmit, { capture: true });
    };
  }, []);
}

/** Where a form is sent and what it holds, files by what tells them apart. */
function valuesOf({ target, submitter }: SubmitEvent) {
  const entries = [...new FormData(target as HTMLFormElement, submitter)].map(([name, value]) =>
    value instanceof File ? [name, value.name, value.size, value.lastModified] : [name, value],
  );
  return JSON.stringify([(submitter as HTMLButtonElement | null)?.formAction, entries]);
}
