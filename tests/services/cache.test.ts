import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cache } from "~/services/cache.server";
import { config } from "~/services/config.server";
import { log } from "~/services/log.server";
import { closeRedis, redis } from "~/services/redis.server";
import { describeWithRedis, type RedisServer, startRedis, withRedis } from "../helpers/redis-server";

let key = "";
beforeEach(() => {
  key = randomUUID();
  // Only the clock: time-outs go on by themselves.
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => void vi.useRealTimers());
const pass = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1_000);

/** A value a call, each made when it is told to be. */
function workshop() {
  const orders: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const make = vi.fn(() => new Promise<string>((resolve, reject) => void orders.push({ resolve, reject })));
  return { make, orders };
}
const brief = () => ({ ttl: 300, stale: 86_000 });
const remember = (make: () => Promise<string>, lifetime: () => { ttl: number; stale?: number } = brief) =>
  cache.remember(key, make, lifetime);
const broken = async () => {
  throw new Error("broken");
};

const promises = () => {
  it("gives back what was set for as long as was said, and nothing after", async () => {
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, { a: [1, null, "ü"] }, 10);
    expect(await cache.get(key)).toEqual({ a: [1, null, "ü"] });
    pass(11);
    expect(await cache.get(key)).toBeUndefined();
  });
  it("keeps a value apart from what becomes of it outside", async () => {
    const value = { list: [1] };
    await cache.set(key, value, 10);
    value.list.push(2);
    const kept = await cache.get<typeof value>(key);
    expect(kept).toEqual({ list: [1] });
    expect(() => kept!.list.push(3)).toThrow(TypeError);
    expect(await cache.get(key)).toBe(kept);
  });
  it("makes what it remembers once, and gives it to all two hundred who ask at the same time", async () => {
    const { make, orders } = workshop();
    const asked = Array.from({ length: 200 }, () => remember(make));
    await expect.poll(() => orders).toHaveLength(1);
    orders[0]!.resolve("one");
    expect(new Set((await Promise.all(asked)).map(({ value }) => value))).toEqual(new Set(["one"]));
    expect((await remember(make)).value).toBe("one");
    expect(make).toHaveBeenCalledTimes(1);
  });
  it("answers with the old value where a new one takes 300 ms or more, and with the new one afterwards", async () => {
    const { make, orders } = workshop();
    const first = new Date();
    await remember(async () => "old");
    pass(301);
    const asked = Promise.all([remember(make), remember(make), remember(make)]);
    await expect.poll(() => orders).toHaveLength(1);
    // Timers fire in the order of their times, however late all of them are.
    const answers = await Promise.race([asked, sleep(300)]);
    for (const answer of answers ?? ["none in time"])
      expect(answer).toEqual({ value: "old", at: first, state: "renewing" });
    expect(make).toHaveBeenCalledTimes(1);
    orders[0]!.resolve("new");
    await expect.poll(() => remember(make)).toMatchObject({ value: "new", state: "fresh" });
    expect(make).toHaveBeenCalledTimes(1);
  });
  it("waits for a new value that comes at once, rather than answer with the old one", async () => {
    await remember(async () => "old");
    pass(301);
    expect(await remember(async () => "new")).toMatchObject({ value: "new", at: new Date(), state: "fresh" });
  });
  it("answers with the old value where no new one can be made, until that is too old as well", async () => {
    await remember(async () => "old");
    pass(86_000);
    expect(await remember(broken)).toMatchObject({ value: "old", state: "failed" });
    pass(301);
    await expect(remember(broken)).rejects.toThrow();
  });
  it("passes a failure on to all who wait, and keeps nothing of it", async () => {
    const { make, orders } = workshop();
    const asked = [remember(make), remember(make)].map((answer) =>
      answer.catch((error: Error) => error.message),
    );
    await expect.poll(() => orders).toHaveLength(1);
    orders[0]!.reject(new Error("broken"));
    expect(await Promise.all(asked)).toEqual(["broken", "broken"]);
    await expect.poll(async () => (await remember(async () => "after all")).value).toBe("after all");
  });
  it("lets each value say how long it lasts", async () => {
    const once = vi.fn(async () => "unknown");
    await remember(once, () => ({ ttl: 60 }));
    pass(59);
    await remember(once, () => ({ ttl: 60 }));
    expect(once).toHaveBeenCalledTimes(1);
    pass(2);
    await remember(once, () => ({ ttl: 60 }));
    expect(once).toHaveBeenCalledTimes(2);
  });
};

describe("the cache in memory", () => {
  promises();
  it("is bounded: what was used least recently goes first", async () => {
    const large = "x".repeat(300_000);
    const keys = Array.from({ length: 20 }, (_, n) => `${key} ${n}`);
    for (const each of keys) {
      await cache.set(each, large, 100);
      await cache.get(keys[0]!);
    }
    expect(await cache.get(keys[0]!)).toBe(large);
    expect(await cache.get(keys[1]!)).toBeUndefined();
    expect(await cache.get(keys.at(-1)!)).toBe(large);
  });
});

describeWithRedis("the cache in Redis", () => {
  withRedis();
  const PREFIX = "tenfold:cache:";
  const LOCK = "tenfold:cache-lock:";

  promises();

  it("is shared: what another process has put there is found", async () => {
    await cache.set(key, "ours", 10);
    const text = (await redis()!.get(PREFIX + key))!;
    await redis()!.set(PREFIX + key, text.replace("ours", "theirs"));
    expect(await cache.get(key)).toBe("theirs");
  });
  it("leaves nothing in Redis for ever", async () => {
    await cache.set(`${key} set`, "value", 10);
    await remember(
      async () => "value",
      () => ({ ttl: 20, stale: 30 }),
    );
    expect(await redis()!.ttl(`${PREFIX + key} set`)).toBe(10);
    expect(await redis()!.ttl(PREFIX + key)).toBe(50);
    expect(await redis()!.exists(LOCK + key)).toBe(0);
  });
  it.each([
    "no JSON",
    "7",
    "null",
    '{"value":1}',
    '{"value":1,"metadata":{"createdTime":1,"ttl":null,"swr":0}}',
  ])("takes what is not from here (%s) for nothing, and makes it anew", async (text) => {
    await redis()!.set(PREFIX + key, text);
    expect((await remember(async () => "made")).value).toBe("made");
    expect(await cache.get(key)).toBe("made");
  });
  it("makes nothing while another process makes it, and takes what that has made", async () => {
    await redis()!.set(LOCK + key, "another process", "PX", 60_000);
    const make = vi.fn(async () => "ours");
    const waiting = remember(make);
    const made = {
      value: { value: "theirs", at: 5 },
      metadata: { createdTime: Date.now(), ttl: 60_000, swr: 0 },
    };
    await redis()!.set(PREFIX + key, JSON.stringify(made));
    expect(await waiting).toEqual({ value: "theirs", at: new Date(5), state: "fresh" });
    expect(make).not.toHaveBeenCalled();
  });
  it("does not try what another process has just failed to make", async () => {
    await redis()!.set(LOCK + key, "failed", "PX", 60_000);
    const make = vi.fn(async () => "ours");
    await expect(remember(make)).rejects.toThrow("Another process could not make");
    expect(make).not.toHaveBeenCalled();
  });
  it("makes it where the process that had begun to died", async () => {
    await redis()!.set(LOCK + key, "a process that died", "PX", 300);
    expect((await remember(async () => "ours")).value).toBe("ours");
  });
});

describeWithRedis("a Redis that is away", () => {
  const servers: RedisServer[] = [];
  // For each test the breaker, which is the process's own, has had its rest.
  let now = Date.now();
  beforeEach(() => {
    now += 3_600_000;
    vi.setSystemTime(now);
  });
  const begin = async () => {
    const server = await startRedis();
    servers.push(server);
    config().REDIS_URL = server.url;
    return server;
  };
  afterEach(async () => {
    closeRedis();
    config().REDIS_URL = undefined;
    for (const server of servers.splice(0)) await server.stop();
  });

  it.each([
    ["dead", (server: RedisServer) => server.stop()],
    ["silent", (server: RedisServer) => server.freeze()],
  ])(
    "because it is %s costs no answer, and is told of once: this process goes on with what it has kept",
    async (_, end) => {
      const server = await begin();
      await cache.set(key, "kept", 100);
      expect(await cache.get(key)).toBe("kept");
      const warn = vi.spyOn(log(), "warn");
      await end(server);
      expect(await cache.get(key)).toBe("kept");
      await cache.set(key, "changed", 100);
      expect(await cache.get(key)).toBe("changed");
      key = randomUUID();
      const { make, orders } = workshop();
      const asked = [remember(make), remember(make)];
      await expect.poll(() => orders).toHaveLength(1);
      orders[0]!.resolve("made");
      expect((await Promise.all(asked)).map(({ value }) => value)).toEqual(["made", "made"]);
      expect(warn.mock.calls.map(([, words]) => words)).toEqual([
        "redis does not answer; it is tried again every 5 s",
      ]);
      server.thaw();
    },
  );
  it("from the start costs no answer either", async () => {
    config().REDIS_URL = "redis://127.0.0.1:1";
    await cache.set(key, "kept", 100);
    expect(await cache.get(key)).toBe("kept");
    expect((await remember(async () => "made")).value).toBe("kept");
  });
  it("is used again once it is back", async () => {
    const server = await begin();
    await cache.set(key, "before", 100);
    await server.stop();
    expect(await cache.get(key)).toBe("before");
    await server.start();
    const kept = async () => {
      pass(6);
      await cache.set(key, "after", 1_000_000);
      return redis()!.get(`tenfold:cache:${key}`);
    };
    await expect.poll(kept, { interval: 100 }).toContain("after");
  });
});
