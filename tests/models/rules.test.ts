import { describe, expect, it } from "vitest";
import { lengthOf, line } from "#models/rules";

const name = line({ name: "Name", max: 3, empty: "Enter a name" });
const answer = (value: unknown) => {
  const { success, data, error } = name.safeParse(value);
  return success ? data : error.issues.map(({ message }) => message);
};

describe("a line", () => {
  it("is counted in code points", () => expect(lengthOf("a🔑é")).toBe(3));
  it.each([
    [" ab ", "ab"],
    ["🔑🔑🔑", "🔑🔑🔑"],
    ["abcd", ["Name must be 3 characters or fewer; it has 4"]],
    ["", ["Enter a name"]],
    [7, ["Enter a name"]],
    ["a\u0000", ["Name must not contain the character NUL"]],
    ["a\tb", ["Name must be one line without control characters"]],
  ])("%j gives %j", (value, expected) => expect(answer(value)).toEqual(expected));
});
