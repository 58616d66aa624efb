/** How fast somebody may go on: a token bucket a key. What it counts lives in this process. */
import { LRUCache } from "lru-cache";

/** Keys that are remembered. Who is forgotten begins anew. */
const MOST = 20_000;

interface Rule {
  /** What may come at once. */
  burst: number;
  /** What comes back in a second. */
  perSecond: number;
}

/** One bucket. `take` takes one token: 0, or the milliseconds until there is one, and then none is taken. */
export function bucket({ burst, perSecond }: Rule, now = () => performance.now()) {
  const state = { left: burst, at: now() };
  return {
    take(): number {
      const at = now();
      state.left = Math.min(burst, state.left + ((at - state.at) / 1_000) * perSecond);
      state.at = at;
      if (state.left < 1) return Math.ceil(((1 - state.left) / perSecond) * 1_000);
      state.left -= 1;
      return 0;
    },
  };
}

/** A bucket for each key. */
export function buckets(rule: Rule, now?: () => number) {
  const all = new LRUCache<string, ReturnType<typeof bucket>>({ max: MOST });
  return {
    /** @returns 0, or the milliseconds to wait. */
    take(key: string): number {
      let one = all.get(key);
      if (!one) {
        one = bucket(rule, now);
        all.set(key, one);
      }
      return one.take();
    },
  };
}
