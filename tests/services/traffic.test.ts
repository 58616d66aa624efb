import { afterEach, describe, expect, it, vi } from "vitest";
import { giveWay, requestBegan, SHORT } from "~/services/traffic.server";

afterEach(() => void vi.useRealTimers());

/** Whether it has resolved by now. */
async function isThrough(waiting: Promise<void>) {
  let through = false;
  waiting.then(() => {
    through = true;
  });
  await vi.advanceTimersByTimeAsync(10);
  return through;
}

describe("what gives way", () => {
  it("waits until the requests that are under way have ended", async () => {
    vi.useFakeTimers();
    const [one, other] = [requestBegan(), requestBegan()];
    const waiting = giveWay(10_000);
    one();
    one();
    expect(await isThrough(waiting)).toBe(false);
    other();
    expect(await isThrough(waiting)).toBe(true);
  });
  it("does not wait for its own request, and waits no longer than it said", async () => {
    vi.useFakeTimers();
    const own = requestBegan();
    expect(await isThrough(giveWay(10_000, 1))).toBe(true);
    const waiting = giveWay(100);
    expect(await isThrough(waiting)).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(await isThrough(waiting)).toBe(true);
    own();
  });
  it("does not wait for a stream", async () => {
    vi.useFakeTimers();
    const stream = requestBegan();
    await vi.advanceTimersByTimeAsync(SHORT);
    expect(await isThrough(giveWay(10_000))).toBe(true);
    stream();
    const page = requestBegan();
    expect(await isThrough(giveWay(10_000))).toBe(false);
    page();
  });
});
