/**
 * What was expensive to get, kept for a while: what `django.core.cache` stands for. In this process, bounded, where the
 * least recently used goes first; with REDIS_URL in Redis, shared by all processes. A Redis that is away costs no
 * answer: its part is then done by what this process has kept.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cache, type CacheEntry, cachified, createCacheEntry, isExpired } from "@epic-web/cachified";
import { LRUCache } from "lru-cache";
import { singleton } from "#models/singleton.server";
import { AWAY, ask } from "./redis.server";

/** Characters of values that a process keeps. With what is read and drawn from them it is several times as many bytes. */
const MOST = 4_000_000;
/** Milliseconds that one waits for a value to be renewed before one gets the old one. */
const PATIENCE = 200;
/** Milliseconds that one process may take to make a value before another does. */
const LOCK = 6_000;
/** Milliseconds for which other processes are told that it could not be made. */
const FAILURE = 1_000;
/** Milliseconds between two looks at what another process makes. */
const LOOK = 50;

const PREFIX = "tenfold:cache:";
const LOCKS = "tenfold:cache-lock:";

/** An entry as JSON, which has a size, and as it was read from that, which nobody can change. */
interface Kept {
  text: string;
  entry: CacheEntry;
}

const memory = () =>
  singleton(
    "cache memory",
    () =>
      new LRUCache<string, Kept>({
        maxSize: MOST,
        sizeCalculation: ({ text }, key) => text.length + key.length,
      }),
  );

const store = {
  name: "tenfold",
  async get(key: string) {
    const shared = await ask((redis) => redis.get(PREFIX + key));
    return shared === AWAY ? memory().get(key)?.entry : shared ? keep(key, shared) : undefined;
  },
  async set(key: string, entry: CacheEntry) {
    const text = JSON.stringify(entry);
    const { ttl, swr } = entry.metadata;
    // Redis takes no lifetime of 0.
    const lifetime = Math.max(1, Math.ceil((ttl ?? 0) + (swr ?? 0)));
    keep(key, text);
    await ask((redis) => redis.set(PREFIX + key, text, "PX", lifetime));
  },
  async delete(key: string) {
    memory().delete(key);
    await ask((redis) => redis.del(PREFIX + key));
  },
} satisfies Cache;

/** Keeps an entry in this process, and reads it if it is not the one that is kept. What is no JSON is not from here. */
function keep(key: string, text: string): CacheEntry | undefined {
  const kept = memory().get(key);
  if (kept?.text === text) return kept.entry;
  try {
    const entry = JSON.parse(text, (_, value) => Object.freeze(value)) as CacheEntry;
    memory().set(key, { text, entry });
    return entry;
  } catch {
    return undefined;
  }
}

interface Lifetime {
  /** Seconds for which a value is as good as new. */
  ttl: number;
  /** Seconds after these for which it is better than none. */
  stale?: number;
}

/** A value that was made now or before. */
export interface Remembered<T> {
  value: T;
  /** When it was made. */
  at: Date;
  /** As good as new; or older than its `ttl`, and either being renewed or not to be renewed for now. */
  state: "fresh" | "renewing" | "failed";
}

interface Made<T> {
  value: T;
  /** Milliseconds since 1970. */
  at: number;
}

const entryOf = <T>(value: T, { ttl, stale = 0 }: Lifetime): CacheEntry<Made<T>> =>
  createCacheEntry({ value, at: Date.now() }, { ttl: ttl * 1_000, swr: stale * 1_000 });

/**
 * Values are what JSON can hold: no dates, no `undefined`. What comes out is frozen, and the same object for as long as
 * the value is the same.
 */
export const cache = {
  /** The value of a key, while it is as good as new; undefined where there is none. */
  async get<T>(key: string): Promise<T | undefined> {
    const entry = (await store.get(key)) as CacheEntry<Made<T>> | undefined;
    return entry?.metadata && !isExpired(entry.metadata) ? entry.value.value : undefined;
  },

  /** Keeps a value for `ttl` seconds. */
  set: (key: string, value: unknown, ttl: number): Promise<void> => store.set(key, entryOf(value, { ttl })),

  /**
   * The value of a key, made by `make` where there is none or it is too old. However many ask, it is made once at a
   * time: in this process always, and by one process alone while Redis answers. Where an old value is still better than
   * none, one waits a moment for a new one, and else gets the old one while it is renewed behind.
   *
   * @throws what `make` throws, where there is no old value either; an Error, where another process could not make it.
   */
  async remember<T>(
    key: string,
    make: () => Promise<T>,
    lifetime: (value: T) => Lifetime,
  ): Promise<Remembered<T>> {
    let renewal: Promise<unknown> | undefined;
    let renewed: Made<T> | undefined;
    let state: Remembered<T>["state"] = "fresh";
    const kept = await cachified<Made<T>>(
      {
        key,
        cache: store,
        // Each value decides by itself, once it is made; until then no call may be taken for too old to wait for.
        ttl: Number.POSITIVE_INFINITY,
        async getFreshValue({ metadata }) {
          const entry = await oneAtATime(key, async () => {
            const value = await make();
            return entryOf(value, lifetime(value));
          });
          Object.assign(metadata, entry.metadata);
          return entry.value;
        },
        checkValue: (made) => typeof (made as Made<T> | null)?.at === "number" || "not made by remember",
        waitUntil: (promise) => {
          renewal = promise;
          state = "renewing";
        },
      },
      () => (event) => {
        if (event.name === "refreshValueError") state = "failed";
        if (event.name !== "refreshValueSuccess") return;
        renewed = event.value as Made<T>;
        state = "fresh";
      },
    );
    if (renewal) await Promise.race([renewal, sleep(PATIENCE)]);
    const { value, at } = renewed ?? kept;
    return { value, at: new Date(at), state };
  },
};

/** Deletes a lock if it is still one's own; or leaves word in it that the value could not be made. */
const RELEASE = `
  if redis.call("get", KEYS[1]) ~= ARGV[1] then return 0 end
  if ARGV[2] == "made" then return redis.call("del", KEYS[1]) end
  redis.call("set", KEYS[1], "failed", "PX", ARGV[3])
  return 1`;

/**
 * Makes an entry and keeps it, by one process at a time; the others wait for what it makes. Where Redis is away, each
 * process makes its own. One that dies meanwhile holds the others up until its lock expires.
 */
async function oneAtATime<T>(
  key: string,
  make: () => Promise<CacheEntry<Made<T>>>,
): Promise<CacheEntry<Made<T>>> {
  const lock = LOCKS + key;
  const own = randomUUID();
  for (;;) {
    const taken = await ask((redis) => redis.set(lock, own, "PX", LOCK, "NX"));
    if (taken === AWAY) return make();
    // Another process may have been first, while this one looked.
    const made = (await store.get(key)) as CacheEntry<Made<T>> | undefined;
    const isMade = made?.metadata && !isExpired(made.metadata);
    if (taken === "OK") {
      let outcome = "failed";
      try {
        const entry = isMade ? made : await make();
        if (!isMade) await store.set(key, entry);
        outcome = "made";
        return entry;
      } finally {
        await ask((redis) => redis.eval(RELEASE, 1, lock, own, outcome, FAILURE));
      }
    }
    if (isMade) return made;
    if ((await ask((redis) => redis.get(lock))) === "failed")
      throw new Error(`Another process could not make ${key}.`);
    await sleep(LOOK);
  }
}
