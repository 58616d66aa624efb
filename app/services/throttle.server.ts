/**
 * Growing waits for who tries too often: against guessing passwords. With REDIS_URL all processes count together; where
 * it is away, each counts for itself.
 */
import { isIPv6 } from "node:net";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { AWAY, ask, redis } from "./redis.server";
import { clientOf } from "./session.server";

interface Rule {
  /** Tries that are free, … */
  tries: number;
  /** … in this many seconds. */
  within: number;
}

/** Seconds of the first wait; each one after doubles. */
const FIRST_WAIT = 60;
const LONGEST_WAIT = 60 * 60;
/** Seconds after which earlier waits are forgotten. */
const MEMORY = 24 * 60 * 60;

interface Counters {
  tries: RateLimiterAbstract;
  waits: RateLimiterAbstract;
}

/** Counts tries by a key and makes who has none left wait, each time twice as long. */
export function throttle(name: string, { tries, within }: Rule) {
  const ofTries = { keyPrefix: `tenfold:tries:${name}`, points: tries, duration: within };
  const ofWaits = { keyPrefix: `tenfold:waits:${name}`, points: 1, duration: MEMORY };
  const own: Counters = { tries: new RateLimiterMemory(ofTries), waits: new RateLimiterMemory(ofWaits) };
  const storeClient = redis();
  const shared: Counters | undefined = storeClient && {
    tries: new RateLimiterRedis({ ...ofTries, storeClient }),
    waits: new RateLimiterRedis({ ...ofWaits, storeClient }),
  };
  const count = async <T>(work: (counters: Counters) => Promise<T>): Promise<T> => {
    const counted = shared ? await ask(() => work(shared)) : AWAY;
    return counted === AWAY ? work(own) : counted;
  };
  return {
    /**
     * Takes one try. It is counted before it is made, so that many at once are not free.
     *
     * @returns 0, or the seconds to wait.
     */
    take: (key: string): Promise<number> => count((counters) => takeFrom(counters, key)),
    /** Gives one try back. */
    giveBack: (key: string) => count((counters) => counters.tries.reward(key)),
    /** Forgets a key, its waits too. */
    forget: (key: string) => count(({ tries, waits }) => Promise.all([tries.delete(key), waits.delete(key)])),
  };
}

async function takeFrom({ tries, waits }: Counters, key: string): Promise<number> {
  try {
    await tries.consume(key);
    return 0;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    // Only the try that goes over begins a wait; those within it do not lengthen it.
    if (refused.consumedPoints !== tries.points + 1) return Math.ceil(refused.msBeforeNext / 1000);
    const { consumedPoints: times } = await waits.penalty(key);
    const seconds = Math.min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT);
    await tries.block(key, seconds);
    return seconds;
  }
}

/** The address that a request counts by. Who has one IPv6 address has its whole /64. */
export function networkOf(request: Request) {
  const { ip } = clientOf(request);
  if (!isIPv6(ip) || ip.includes(".")) return ip.replace(/^::ffff:/i, "");
  const [head = "", tail] = ip.split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => "0");
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":");
}
