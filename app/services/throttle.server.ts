/**
 * Growing waits for who tries too often: against guessing passwords. What it counts lives in this process.
 */
import { isIPv6 } from "node:net";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
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

/** Counts tries by a key and makes who has none left wait, each time twice as long. */
export function throttle(name: string, { tries, within }: Rule) {
  const counter = new RateLimiterMemory({ keyPrefix: name, points: tries, duration: within });
  const waits = new RateLimiterMemory({ keyPrefix: `${name} waits`, points: 1, duration: MEMORY });
  return {
    /**
     * Takes one try. It is counted before it is made, so that many at once are not free.
     *
     * @returns 0, or the seconds to wait.
     */
    async take(key: string): Promise<number> {
      try {
        await counter.consume(key);
        return 0;
      } catch (refused) {
        const { consumedPoints, msBeforeNext } = refused as RateLimiterRes;
        // Only the try that goes over begins a wait; those within it do not lengthen it.
        if (consumedPoints !== tries + 1) return Math.ceil(msBeforeNext / 1000);
        const { consumedPoints: times } = await waits.penalty(key);
        const seconds = Math.min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT);
        await counter.block(key, seconds);
        return seconds;
      }
    },
    /** Gives one try back. */
    giveBack: (key: string) => counter.reward(key),
    /** Forgets a key, its waits too. */
    async forget(key: string) {
      await Promise.all([counter.delete(key), waits.delete(key)]);
    },
  };
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
