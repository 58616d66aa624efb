import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Linked } from "~/features/chat/linked";
import { clockOf, dayName, goesOn, type Said } from "~/features/chat/said";

const linked = (text: string) => {
  const { container } = render(<Linked text={text} />);
  const links = [...container.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  return { links, text: container.textContent };
};

describe("addresses in a text", () => {
  it.each([
    ["see https://example.com/a?b=1&c=2.", ["https://example.com/a?b=1&c=2"]],
    ["(http://example.com/x), and more", ["http://example.com/x"]],
    ["https://example.com/ä https://example.com/b", ["https://example.com/ä", "https://example.com/b"]],
    ["HTTPS://EXAMPLE.COM", ["HTTPS://EXAMPLE.COM"]],
    ["javascript:alert(1) data:text/html,x //example.com example.com", []],
    ["https:// http://", []],
    ["https://[x", []],
    ["<a href='https://example.com/x'>", ["https://example.com/x"]],
  ])("%j are links, and all of it is still there", (text, links) =>
    expect(linked(text)).toEqual({ links, text }),
  );
  it("a text of addresses without end takes no time", () => {
    const text = "https://a.".repeat(200);
    expect(linked(text).text).toBe(text);
  });
});

const said = (values: Partial<Said>): Said => ({
  seq: 1,
  user: 1,
  username: "ada",
  text: "",
  at: "2026-03-01T10:00:00.000Z",
  ...values,
});

describe("messages of one person", () => {
  const first = said({});
  it.each([
    ["soon after each other stand together", { at: "2026-03-01T10:04:59.000Z" }, true],
    ["later stand apart", { at: "2026-03-01T10:05:00.000Z" }, false],
    ["of another name stand apart", { username: "bob" }, false],
    ["of a guest of the same name stand apart", { user: null }, false],
  ])("%s", (_, values, together) => expect(goesOn(first, said(values))).toBe(together));
});

it.each([
  ["UTC", "2026-03-01", "23:05"],
  ["Europe/Berlin", "2026-03-02", "00:05"],
  ["America/Los_Angeles", "2026-03-01", "15:05"],
  ["Asia/Kathmandu", "2026-03-02", "04:50"],
])("by the clocks of %s it is the day %s, %s", (zone, day, minute) =>
  expect(clockOf("2026-03-01T23:05:59.000Z", zone)).toEqual({ day, minute }),
);

it.each([
  ["2026-03-02", "Today"],
  ["2026-03-01", "Yesterday"],
  ["2026-02-28", "Saturday 28 February 2026"],
])("the day %s is called %s", (day, name) => expect(dayName(day, "2026-03-02").replace(",", "")).toBe(name));
