import { describe, expect, it } from "vitest";
import { elidedRange } from "~/components/pagination";
import { paginate } from "~/services/paginate.server";

describe("a page", () => {
  it.each([
    [null, 1],
    ["", 1],
    ["2", 2],
    ["3", 3],
    ["0", 1],
    ["-1", 1],
    ["1.5", 1],
    ["abc", 1],
    ["1e3", 1],
    ["4", 3],
    ["99999999999999999999999", 3],
    ["９", 1],
  ])("asked for as %j of three is page %i", (asked, number) => {
    expect(paginate(asked, 137, 50)).toMatchObject({ number, pages: 3 });
  });
  it("says which rows it takes", () => {
    expect(paginate("3", 137, 50)).toEqual({ number: 3, pages: 3, total: 137, offset: 100, limit: 50 });
  });
  it("of nothing is page 1 of 1", () => {
    expect(paginate("5", 0, 50)).toEqual({ number: 1, pages: 1, total: 0, offset: 0, limit: 50 });
  });
  it("that is full does not begin another", () => expect(paginate("1", 100, 50).pages).toBe(2));
});

describe("the elided range", () => {
  it.each([
    [1, 1, [1]],
    [1, 3, [1, 2, 3]],
    [1, 20, [1, 2, 3, -3, 20]],
    [4, 20, [1, 2, 3, 4, 5, 6, -6, 20]],
    [5, 20, [1, 2, 3, 4, 5, 6, 7, -7, 20]],
    [10, 20, [1, -1, 8, 9, 10, 11, 12, -12, 20]],
    [20, 20, [1, -1, 18, 19, 20]],
  ])("at page %i of %i is %j", (number, pages, range) => expect(elidedRange(number, pages)).toEqual(range));
  it("of a million pages is as short as any", () => expect(elidedRange(500_000, 1_000_000)).toHaveLength(9));
});
