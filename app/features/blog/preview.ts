import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";

/** Milliseconds of rest in typing after which the preview follows. */
const REST = 300;

/** Where the page holds the preview. */
export const PREVIEW = "preview";

/**
 * The preview of what is typed, a little later: asked for the way that the Preview button asks, and taken out of the
 * page that answers. Not a fetcher: where nothing answers, Remix would put its error page in the place of the form.
 */
export function useLivePreview(saved: string, answer: { preview?: string } | undefined) {
  const [live, setLive] = useState(answer?.preview);
  useEffect(() => {
    if (answer?.preview !== undefined) setLive(answer.preview);
  }, [answer]);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const asking = useRef<AbortController>();
  const rest = useCallback(() => {
    clearTimeout(timer.current);
    asking.current?.abort();
  }, []);
  useEffect(() => rest, [rest]);
  const follow = ({ currentTarget: form }: FormEvent<HTMLFormElement>) => {
    rest();
    const controller = new AbortController();
    const { signal } = controller;
    asking.current = controller;
    timer.current = setTimeout(async () => {
      const typed = new FormData(form);
      typed.set("intent", "preview");
      typed.delete("picture");
      const answer = await fetch("", { method: "POST", body: typed, redirect: "manual", signal }).catch(
        () => null,
      );
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text().catch(() => ""), "text/html");
      if (!signal.aborted) setLive(page.getElementById(PREVIEW)?.innerHTML ?? "");
    }, REST);
  };
  return { html: live ?? saved, follow, rest };
}
