import { describe, expect, it } from "vitest";
import { bucket, buckets } from "~/services/rate.server";

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
it("each key has a bucket of its own", () => {
  const all = buckets({ burst: 1, perSecond: 1 }, () => 0);
  expect([all.take("a"), all.take("b"), all.take("a")]).toEqual([0, 0, 1_000]);
});
