/**
 * How fast somebody may go on: a token bucket a key. With REDIS_URL all processes share them; where it is away, each
 * counts for itself.
 */
import { LRUCache } from "lru-cache";
import { AWAY, ask } from "./redis.server";

/** Keys that a process remembers. Who is forgotten begins anew. */
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

const PREFIX = "tenfold:rate:";

/**
 * A bucket in Redis: what is kept is the time at which it will be full again, as in the generic cell rate algorithm
 * (ITU-T I.371). Redis's own clock counts, so the processes' may differ.
 */
const TAKE = `
  local each, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
  local time = redis.call("time")
  local now = time[1] * 1000 + time[2] / 1000
  local full = math.max(tonumber(redis.call("get", KEYS[1]) or now), now) + each
  local wait = full - now - burst * each
  if wait > 0 then return math.ceil(wait) end
  redis.call("set", KEYS[1], string.format("%.3f", full), "PX", math.ceil(full - now))
  return 0`;

/** A bucket for each key. `name` tells these from those of another rule. */
export function buckets(name: string, rule: Rule, now?: () => number) {
  const own = new LRUCache<string, ReturnType<typeof bucket>>({ max: MOST });
  return {
    /** @returns 0, or the milliseconds to wait. */
    async take(key: string): Promise<number> {
      const args = [1_000 / rule.perSecond, rule.burst];
      const wait = await ask((redis) => redis.eval(TAKE, 1, `${PREFIX}${name}:${key}`, ...args));
      if (wait !== AWAY) return Number(wait);
      let one = own.get(key);
      if (!one) {
        one = bucket(rule, now);
        own.set(key, one);
      }
      return one.take();
    },
  };
}
