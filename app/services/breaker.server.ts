/** A circuit breaker: what does not answer is left alone for a while, so that nobody waits for it again and again. */
import { log } from "./log.server";

interface Rule {
  /** What is called, for the log. */
  name: string;
  /** Milliseconds that it is left alone. Then one call tries it again. */
  rest: number;
  /** Milliseconds that the caller of such a try waits for it. The try itself goes on. */
  patience: number;
  /** The failure after which it is left alone, of those in a row; by default the first. */
  limit?: number;
  /** A failure after which it is left alone whatever came before. */
  isGrave?(error: unknown): boolean;
}

/** It is left alone for now: nothing was asked. */
export class LeftAlone extends Error {}

/** Passes calls on for as long as they succeed. Its state is this process's own. */
export function breaker({ name, rest, patience, limit = 1, isGrave = () => false }: Rule) {
  let failures = 0;
  let restsUntil = 0;
  let isOpen = false;
  let trying = false;

  const succeeded = () => {
    if (isOpen) log().info(`${name} answers again`);
    failures = 0;
    isOpen = false;
  };
  const failed = (error: unknown) => {
    failures += 1;
    if (!isOpen && failures < limit && !isGrave(error)) return;
    restsUntil = Date.now() + rest;
    if (!isOpen)
      log().warn({ err: error }, `${name} does not answer; it is tried again every ${rest / 1_000} s`);
    isOpen = true;
  };
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      succeeded();
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };

  return {
    /** @throws LeftAlone where it is not to be called now, and what `work` throws. */
    async call<T>(work: () => Promise<T>): Promise<T> {
      if (!isOpen) return run(work);
      if (trying || Date.now() < restsUntil) throw new LeftAlone(`${name} is left alone`);
      trying = true;
      const tried = run(work).finally(() => {
        trying = false;
      });
      return within(tried, patience, () => new LeftAlone(`${name} takes its time`));
    },
  };
}

/** What comes within that many milliseconds. @throws `late()` after them. */
async function within<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}
