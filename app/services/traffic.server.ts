/** The requests under way in this process, so that background work can give way to them. */
import { singleton } from "#models/singleton.server";

const traffic = singleton("traffic", () => ({ underWay: 0 }));

/** Counts a request until what this returns is called, which is to be once. */
export function requestBegan(): () => void {
  traffic.underWay += 1;
  return () => {
    traffic.underWay -= 1;
  };
}

export const hasRequests = () => traffic.underWay > 0;
