/** The requests under way in this process, so that what takes long can give way to them. */
import { singleton } from "#models/singleton.server";

const traffic = singleton("traffic", () => ({ underWay: 0, lastEnd: Number.NEGATIVE_INFINITY }));

/** Milliseconds after which a request is a stream, or a large file: nobody gives way to it any more. */
export const SHORT = 1_000;

/** Counts a request until what this returns is called, and no longer than one is short. */
export function requestBegan(): () => void {
  traffic.underWay += 1;
  let isCounted = true;
  const ended = () => {
    clearTimeout(timer);
    if (isCounted) traffic.underWay -= 1;
    isCounted = false;
    traffic.lastEnd = performance.now();
  };
  const timer = setTimeout(ended, SHORT).unref();
  return ended;
}

/** Whether a request is under way or has ended within so many milliseconds: where one was, another may come. */
export const hadRequests = (ms: number) => traffic.underWay > 0 || performance.now() - traffic.lastEnd < ms;

/**
 * Waits while more requests are under way than `ours`, so that people do not wait for this; at most so many
 * milliseconds.
 */
export async function giveWay(longest: number, ours = 0) {
  const end = performance.now() + longest;
  while (traffic.underWay > ours && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 2));
}
