import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { useRefresh } from "~/components/use-refresh";

/**
 * Asks for the page's data anew whenever the event stream at `path` tells something else than `shown`, which is what
 * it tells while the page is up to date. Nothing is listened to while `path` is null.
 */
export function useLive(path: string | null, shown: unknown) {
  const { state } = useRevalidator();
  const refresh = useRefresh();
  // Loading anew would break off what a form leads to, and its message with it.
  const isBusy = useNavigation().state !== "idle" || state !== "idle";
  const text = JSON.stringify(shown);
  useEffect(() => {
    if (!path || isBusy) return;
    const source = new EventSource(path);
    source.onmessage = ({ data }) => {
      if (data !== text) void refresh();
    };
    return () => source.close();
  }, [path, text, isBusy, refresh]);
}
