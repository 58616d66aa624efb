import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { breaker, LeftAlone } from "~/services/breaker.server";

const rule = { name: "it", rest: 30_000, patience: 1_000 };
const works = async () => "answer";
const fails = async () => {
  throw new Error("broken");
};
const never = () => new Promise<never>(() => {});

describe("a circuit breaker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("passes on what is answered and what is thrown", async () => {
    const guard = breaker({ ...rule, limit: 2 });
    expect(await guard.call(works)).toBe("answer");
    await expect(guard.call(fails)).rejects.toThrow("broken");
    expect(await guard.call(works)).toBe("answer");
  });
  it("calls nothing for a while after a failure, and then tries it again", async () => {
    const guard = breaker(rule);
    const work = vi.fn(works);
    await expect(guard.call(fails)).rejects.toThrow("broken");
    vi.advanceTimersByTime(29_999);
    await expect(guard.call(work)).rejects.toThrow(LeftAlone);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(await guard.call(work)).toBe("answer");
    expect(await guard.call(work)).toBe("answer");
  });
  it("leaves alone again for as long what fails when it is tried again", async () => {
    const guard = breaker({ ...rule, limit: 5, isGrave: () => true });
    await expect(guard.call(fails)).rejects.toThrow("broken");
    vi.advanceTimersByTime(30_000);
    await expect(guard.call(fails)).rejects.toThrow("broken");
    await expect(guard.call(works)).rejects.toThrow(LeftAlone);
  });
  it("bears failures in a row up to its limit, and starts to count anew with each answer", async () => {
    const guard = breaker({ ...rule, limit: 3 });
    for (const work of [fails, fails, works, fails, fails]) await guard.call(work).catch(() => {});
    expect(await guard.call(works)).toBe("answer");
    for (const work of [fails, fails, fails]) await guard.call(work).catch(() => {});
    await expect(guard.call(works)).rejects.toThrow(LeftAlone);
  });
  it("bears no failure that is grave", async () => {
    const guard = breaker({ ...rule, limit: 3, isGrave: (error) => (error as Error).message === "broken" });
    await expect(guard.call(fails)).rejects.toThrow("broken");
    await expect(guard.call(works)).rejects.toThrow(LeftAlone);
  });
  it("lets one call alone try it again, and that one wait a moment only; what it gets counts when it comes", async () => {
    const guard = breaker(rule);
    await expect(guard.call(fails)).rejects.toThrow("broken");
    vi.advanceTimersByTime(30_000);
    let answer = (_: string) => {};
    const tried = guard.call(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    const work = vi.fn(works);
    await expect(guard.call(work)).rejects.toThrow(LeftAlone);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    await expect(tried).rejects.toThrow(LeftAlone);
    answer("late");
    await expect.poll(() => guard.call(work)).toBe("answer");
  });
  it("does not count a call that has not ended", async () => {
    const guard = breaker(rule);
    void guard.call(never);
    expect(await guard.call(works)).toBe("answer");
  });
});
