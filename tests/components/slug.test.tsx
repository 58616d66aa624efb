import { describe, expect, it } from "vitest";
import { slugOf } from "~/components/slug";

describe("the slug of a title", () => {
  it.each([
    ["Zürich für Anfänger", "zuerich-fuer-anfaenger"],
    ["Die große Straße", "die-grosse-strasse"],
    ["Crème brûlée à la carte", "creme-brulee-a-la-carte"],
    ["Łódź, Århus & Smørrebrød", "lodz-arhus-and-smorrebrod"],
    ["Привет, мир", "privet-mir"],
    ["What's new in 2026?", "whats-new-in-2026"],
    ["  --Spaces__and dots...  ", "spaces-and-dots"],
    ["日本語", ""],
    ["", ""],
  ])("is in Latin letters: %j becomes %j", (title, slug) => expect(slugOf(title)).toBe(slug));
  it.each([
    "x".repeat(500),
    "ab ".repeat(300),
    "ß".repeat(300),
    "a-".repeat(200),
    "🔑 key",
    "<b>&amp;</b>",
    "\u0000a\ufffe",
  ])("is one that a post may have, whatever the title: %#", (title) =>
    expect(slugOf(title)).toMatch(/^(?=.{1,200}$)[a-z0-9]+(-[a-z0-9]+)*$/),
  );
});
