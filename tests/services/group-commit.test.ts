import { describe, expect, it } from "vitest";
import { settled, transaction } from "#models/database.server";
import { Job } from "#models/job.server";
import { inGroups, Overloaded } from "~/services/group-commit.server";
import { unansweredCommit } from "../helpers/commits";

const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

/** What commits numbers, with the groups that it did so in. */
function numbers(limits: Parameters<typeof inGroups<number, string>>[1] = {}, refused: number[] = []) {
  const groups: number[][] = [];
  const add = inGroups(async (items: number[]) => {
    groups.push(items);
    await moment();
    if (items.some((item) => refused.includes(item))) throw new Error(`no ${items}`);
    return items.map((item) => `did ${item}`);
  }, limits);
  return { add, groups };
}

describe("what comes together", () => {
  it("is committed together, and each gets its own result", async () => {
    const { add, groups } = numbers();
    expect(await Promise.all([1, 2, 3].map(add))).toEqual(["did 1", "did 2", "did 3"]);
    expect(groups).toEqual([[1, 2, 3]]);
  });
  it("during a commit goes into the next one", async () => {
    const { add, groups } = numbers();
    const first = add(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await Promise.all([first, add(2), add(3)]);
    expect(groups).toEqual([[1], [2, 3]]);
  });
  it("is committed in groups of a size, in order", async () => {
    const { add, groups } = numbers({ most: 2 });
    await Promise.all([1, 2, 3, 4, 5].map(add));
    expect(groups).toEqual([[1, 2], [3, 4], [5]]);
  });
  it("is committed in groups of so many bytes, one that is larger by itself", async () => {
    const { add, groups } = numbers({ sizeOf: (item) => item, bytes: 10 });
    await Promise.all([4, 6, 1, 25, 9].map(add));
    expect(groups).toEqual([[4, 6], [1], [25], [9]]);
  });
});

describe("one that cannot be committed", () => {
  it("fails alone: the others of its group are tried one by one", async () => {
    const { add, groups } = numbers({}, [2]);
    const results = await Promise.allSettled([1, 2, 3].map(add));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]]);
  });
  it("is not tried again where the commit got no answer: what may be stored would be stored twice", async () => {
    const jobs = (names: string[]) => names.map((name) => ({ name, payload: {}, maxAttempts: 1 }));
    const add = inGroups((names: string[]) =>
      transaction((transaction) => Job.addAll(jobs(names), transaction)),
    );
    unansweredCommit("the connection broke");
    const results = await Promise.allSettled(["one", "two"].map(add));
    const lost = { status: "rejected", reason: expect.objectContaining({ message: "the connection broke" }) };
    expect(results).toEqual([lost, lost]);
    await settled(Job);
    expect(await Job.count()).toBe(2);
  });
  it("does not keep what comes later", async () => {
    const { add } = numbers({}, [1]);
    await expect(add(1)).rejects.toThrow("no 1");
    expect(await add(2)).toBe("did 2");
  });
});

describe("more than may wait", () => {
  it("is turned away at once, until there is room again", async () => {
    const { add } = numbers({ sizeOf: (item) => item, waiting: 10 });
    const taken = add(10);
    await expect(add(1)).rejects.toThrow(Overloaded);
    await taken;
    expect(await add(1)).toBe("did 1");
  });
});
