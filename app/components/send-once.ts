import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** A form is not sent again while it is on its way: a double click would do twice what is meant once. */
export function useSendOnce() {
  const { state } = useNavigation();
  const isSending = useRef(false);
  isSending.current = state === "submitting";
  useEffect(() => {
    let last: EventTarget | null = null;
    const onSubmit = (event: SubmitEvent) => {
      const isAgain = isSending.current && event.target === last;
      last = event.target;
      if (!isAgain) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("submit", onSubmit, { capture: true });
    return () => document.removeEventListener("submit", onSubmit, { capture: true });
  }, []);
}
