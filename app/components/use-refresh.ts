import { useRevalidator } from "@remix-run/react";
import { useCallback } from "react";

/**
 * Asks for the page's data anew, unasked by the person. Where the server does not answer, the page stays as it is, with
 * what is typed into it: the error of a loader would take its place.
 */
export function useRefresh() {
  const { revalidate } = useRevalidator();
  return useCallback(async () => {
    const answer = await fetch("/healthz").catch(() => null);
    if (answer?.ok) revalidate();
  }, [revalidate]);
}
