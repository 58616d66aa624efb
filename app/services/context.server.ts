/** What belongs to one HTTP request, from a loader's or an action's own `Request`. */
import type { AppLoadContext } from "@remix-run/node";

const contexts = new WeakMap<Request, AppLoadContext>();

/** Remix hands every loader a Request of its own; the gate notes which belong together. */
export function rememberContext(request: Request, context: AppLoadContext) {
  contexts.set(request, context);
}

/** The one context of the HTTP request that `request` is part of. */
export function contextOf(request: Request): AppLoadContext {
  const known = contexts.get(request);
  if (known) return known;
  const context: AppLoadContext = {};
  contexts.set(request, context);
  return context;
}
