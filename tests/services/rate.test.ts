import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bucket, buckets } from "~/services/rate.server";
import { redis } from "~/services/redis.server";
import { describeWithRedis, withRedis } from "../helpers/redis-server";

const RULE = { burst: 20, perSecond: 5 };

describe("a bucket", () => {
  it("gives 20 at once, then 5 a second, and says how long the next one takes", () => {
    let now = 0;
    const one = bucket(RULE, () => now);
    for (let n = 0; n < 20; n++) expect(one.take()).toBe(0);
    expect(one.take()).toBe(200);
    now = 150;
    expect(one.take()).toBe(50);
    now = 200;
    expect(one.take()).toBe(0);
    expect(one.take()).toBe(200);
  });
  it("never holds more than its 20, however long one waits", () => {
    let now = 0;
    const one = bucket(RULE, () => now);
    now = 1_000_000;
    for (let n = 0; n < 20; n++) expect(one.take()).toBe(0);
    expect(one.take()).toBeGreaterThan(0);
  });
});

/** How many of these takes got one. */
const given = async (takes: Promise<number>[]) =>
  (await Promise.all(takes)).filter((wait) => wait === 0).length;

it("each key has a bucket of its own", async () => {
  const all = buckets("test", { burst: 1, perSecond: 1 }, () => 0);
  expect(await all.take("a")).toBe(0);
  expect(await all.take("b")).toBe(0);
  expect(await all.take("a")).toBe(1_000);
});

describeWithRedis("buckets of two processes with one Redis", () => {
  const server = withRedis();
  const one = buckets("test", RULE);
  const other = buckets("test", RULE);
  /** So slow that nothing comes back while a test runs. */
  const SLOW = { burst: 20, perSecond: 0.001 };
  const slow = () => [buckets("slow", SLOW), buckets("slow", SLOW)] as const;

  it("give 20 at once between them, however the takes are mixed, and say how long the next one takes", async () => {
    const two = slow();
    expect(await given(Array.from({ length: 60 }, (_, n) => two[n % 2]!.take("a")))).toBe(20);
    expect(await two[0].take("a")).toBeGreaterThan(900_000);
    expect(await two[1].take("a")).toBeLessThanOrEqual(1_000_000);
  });
  it("give another one after the wait", async () => {
    await given(Array.from({ length: 40 }, () => one.take("f")));
    await sleep(await one.take("f"));
    expect(await other.take("f")).toBe(0);
  });
  it("keep keys and rules apart", async () => {
    for (let n = 0; n < 30; n++) await one.take("b");
    expect(await other.take("c")).toBe(0);
    expect(await buckets("another", RULE).take("b")).toBe(0);
  });
  it("leave nothing in Redis for longer than it takes them to be full", async () => {
    await one.take("d");
    expect(await redis()!.pttl("tenfold:rate:test:d")).toBeLessThanOrEqual(200);
  });
  it("count each for itself where Redis is away, and refuse nobody for that", async () => {
    await server().stop();
    for (const each of slow()) {
      expect(await given(Array.from({ length: 60 }, () => each.take("e")))).toBe(20);
    }
  });
});
