/** The requests under way in this process, so that background work can give way to them. */
import { singleton } from "#models/singleton.server";

const traffic = singleton("traffic", () => ({ underWay: 0, lastEnd: Number.NEGATIVE_INFINITY }));

/** Counts a request until what this returns is called, which is to be once. */
export function requestBegan(): () => void {
  traffic.underWay += 1;
  return () => {
    traffic.underWay -= 1;
    traffic.lastEnd = performance.now();
  };
}

export const hasRequests = () => traffic.underWay > 0;

/** Whether a request is under way or has ended within so many milliseconds: where one was, another may come. */
export const hadRequests = (ms: number) => hasRequests() || performance.now() - traffic.lastEnd < ms;
