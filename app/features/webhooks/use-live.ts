import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { isLive, queryWith } from "./view";

/** Asks for the page anew whenever the server tells that its list shows something else than `version`. */
export function useLive(query: URLSearchParams, open: string | undefined, version: string) {
  const { revalidate, state } = useRevalidator();
  // Loading anew would break off what a form leads to, and its message with it.
  const isGoing = useNavigation().state !== "idle";
  const here = queryWith(query);
  const path = `/webhooks/events/live${here}${open ? `${here ? "&" : "?"}open=${open}` : ""}`;
  const listens = isLive(query) && state === "idle" && !isGoing;
  useEffect(() => {
    if (!listens) return;
    const source = new EventSource(path);
    source.onmessage = ({ data }) => {
      if (JSON.parse(data) !== version) revalidate();
    };
    return () => source.close();
  }, [path, version, listens, revalidate]);
}
