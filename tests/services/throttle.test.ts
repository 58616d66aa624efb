import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { redis } from "~/services/redis.server";
import { throttle } from "~/services/throttle.server";
import { describeWithRedis, withRedis } from "../helpers/redis-server";

const MINUTE = 60_000;

describe("a throttle of five tries in 15 minutes", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const five = () => throttle("test", { tries: 5, within: 15 * 60 });
  const takeAll = async (limit: ReturnType<typeof throttle>, key = "a") => {
    for (let n = 0; n < 5; n += 1) expect(await limit.take(key)).toBe(0);
    return limit.take(key);
  };

  it("makes the sixth wait a minute, and counts down", async () => {
    const limit = five();
    expect(await takeAll(limit)).toBe(60);
    vi.advanceTimersByTime(20_000);
    expect(await limit.take("a")).toBe(40);
  });
  it("lets no more than five through when a hundred come at once", async () => {
    const limit = five();
    const waits = await Promise.all(Array.from({ length: 100 }, () => limit.take("a")));
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(5);
  });
  it("doubles each wait, up to an hour", async () => {
    const limit = five();
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const seconds = await takeAll(limit);
      waits.push(seconds / 60);
      vi.advanceTimersByTime(seconds * 1000 + 1);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });
  it("is not made longer by trying during it", async () => {
    const limit = five();
    await takeAll(limit);
    for (let n = 0; n < 20; n += 1) await limit.take("a");
    vi.advanceTimersByTime(MINUTE + 1);
    expect(await limit.take("a")).toBe(0);
  });
  it("keeps keys apart", async () => {
    const limit = five();
    await takeAll(limit, "a");
    expect(await limit.take("b")).toBe(0);
  });
  it("forgets a key with its waits, and gives single tries back", async () => {
    const limit = five();
    await takeAll(limit);
    await limit.forget("a");
    expect(await takeAll(limit)).toBe(60);
    for (let n = 0; n < 50; n += 1) {
      expect(await limit.take("b")).toBe(0);
      await limit.giveBack("b");
    }
  });
});

describeWithRedis("the throttles of two processes with one Redis", () => {
  const server = withRedis();
  const two = () => {
    const process = () => throttle("test", { tries: 5, within: 15 * 60 });
    return [process(), process()] as const;
  };
  /** A hundred tries at once, half of them with each. @returns how many were free. */
  const freeOf = async (key: string, [one, other]: ReturnType<typeof two>) => {
    const waits = Array.from({ length: 100 }, (_, n) => (n % 2 ? one : other).take(key));
    return (await Promise.all(waits)).filter((seconds) => seconds === 0).length;
  };

  it("let five through between them, and both make who goes over wait a minute", async () => {
    const both = two();
    expect(await freeOf("a", both)).toBe(5);
    for (const limit of both) {
      expect(await limit.take("a")).toBeGreaterThan(50);
      expect(await limit.take("a")).toBeLessThanOrEqual(60);
    }
  });
  it("double a wait that the other has begun", async () => {
    const both = two();
    await freeOf("b", both);
    // As if the minute were over.
    await redis()!.del("tenfold:tries:test:b");
    for (let n = 0; n < 5; n++) expect(await both[1].take("b")).toBe(0);
    expect(await both[1].take("b")).toBe(120);
  });
  it("forget together, and give back what the other took", async () => {
    const [one, other] = two();
    await freeOf("c", [one, other]);
    await one.forget("c");
    for (let n = 0; n < 20; n++) {
      expect(await other.take("c")).toBe(0);
      await one.giveBack("c");
    }
  });
  it("count each for itself where Redis is away, and refuse nobody for that", async () => {
    const [one, other] = two();
    await server().stop();
    for (const limit of [one, other]) {
      for (let n = 0; n < 5; n++) expect(await limit.take("d")).toBe(0);
      expect(await limit.take("d")).toBe(60);
    }
  });
});
