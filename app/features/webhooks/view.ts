/** What the URLs of the inbox say, and the words for what they show. */

/** What is in the query of every page of the inbox: which events, and where in the list. */
const FILTERS = ["q", "provider", "validity", "state", "from", "to"];

export const STATES = {
  waiting: "Waiting",
  processed: "Processed",
  failed: "Failed",
  unhandled: "No handler",
} as const;

/** How far the processing of an accepted event has come. */
export type State = keyof typeof STATES;

/** The query with these parts added, changed or, by null, left out; "" where nothing is left. */
export function queryWith(query: URLSearchParams, changes: Record<string, string | null> = {}): string {
  const kept = new URLSearchParams();
  for (const name of [...FILTERS, "after", "before", ...Object.keys(changes)]) {
    const value = name in changes ? changes[name] : query.get(name);
    if (value) kept.set(name, value);
  }
  return kept.size > 0 ? `?${kept}` : "";
}

/** Whether the query leaves some events out. */
export const isFiltered = (query: URLSearchParams) => FILTERS.some((name) => query.get(name));

/** Whether the list begins with the newest, so that it changes with what comes. */
export const isLive = (query: URLSearchParams) => !query.get("after") && !query.get("before");
