import { useNavigation } from "@remix-run/react";

/** A bar while a page is on its way. The style lets it appear after 150 ms: most pages come sooner. */
export function Progress() {
  const { state } = useNavigation();
  return state === "idle" ? null : <div className="progress" role="progressbar" aria-label="Loading" />;
}
