import { describe, expect, it } from "vitest";
import { lengthOf, line, prose } from "#models/rules";

const name = line({ name: "Name", max: 3, empty: "Enter a name" });
const note = prose({ name: "Note", max: 5 });
const answer = (value: unknown, rule: typeof name | typeof note = name) => {
  const { success, data, error } = rule.safeParse(value);
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

describe("a text of several lines", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc"],
    ["  \n ", ""],
    [undefined, ""],
    ["🔑🔑\r\n🔑🔑", "🔑🔑\n🔑🔑"],
    ["abcdef", ["Note must be 5 characters or fewer; it has 6"]],
    ["a\u0000", ["Note must not contain the character NUL"]],
    [7, ["Note must be text"]],
  ])("%j gives %j", (value, expected) => expect(answer(value, note)).toEqual(expected));
});
