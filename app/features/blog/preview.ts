import { type ShouldRevalidateFunctionArgs, useFetcher } from "@remix-run/react";
import { type FormEvent, useEffect, useRef } from "react";

/** Milliseconds of rest in typing after which the preview follows. */
const REST = 300;

/** `shouldRevalidate`: looking at a preview changes nothing. */
export const unlessPreview = ({ formData, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  formData?.get("intent") !== "preview" && defaultShouldRevalidate;

/** The preview of what is typed: a little later, sent the way that the Preview button sends it. */
export function useLivePreview(first: string) {
  const { submit, data } = useFetcher<{ preview?: string }>();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const follow = ({ currentTarget: form }: FormEvent<HTMLFormElement>) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const typed = new FormData(form);
      typed.set("intent", "preview");
      submit(typed, { method: "post" });
    }, REST);
  };
  return { html: data?.preview ?? first, follow };
}
