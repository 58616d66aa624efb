import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * A form is sent once: neither by the second click of a double click nor while it is on its way. A button that is pressed
 * or not means every click.
 */
export function useSendOnce() {
  const { formMethod } = useNavigation();
  const isSending = useRef(false);
  isSending.current = formMethod === "POST";
  useEffect(() => {
    let clicked: HTMLButtonElement | null = null;
    let sent: EventTarget | null = null;
    const onClick = (event: MouseEvent) => {
      const button = (event.target as Element).closest("button");
      const sends = button?.type === "submit" && !button.hasAttribute("aria-pressed");
      if (sends && button === clicked && event.detail > 1) event.preventDefault();
      clicked = button;
    };
    const onSubmit = (event: SubmitEvent) => {
      const isAgain = isSending.current && event.target === sent;
      sent = event.target;
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
