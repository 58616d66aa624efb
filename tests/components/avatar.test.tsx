import { readFileSync } from "node:fs";
import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Avatar, hueOf, initialsOf } from "~/components/avatar";
import { HUES } from "~/components/hues";

describe("initials", () => {
  it.each([
    ["Ada Lovelace", "AL"],
    ["ada", "A"],
    ["Ada King, Countess of Lovelace", "AL"],
    ["  Grace   Hopper ", "GH"],
    ["élodie östberg", "ÉÖ"],
    ["e\u0301lodie", "É"],
    ["李 小龙", "李小"],
    ["7 of 9", "79"],
    ["“Ada” (Lovelace)", "AL"],
    ["Ada 🔑", "A"],
    ["🔑", "🔑"],
    ["---", "-"],
    ["", ""],
  ])("of %j are %j", (name, initials) => expect(initialsOf(name)).toBe(initials));
});

describe("a colour", () => {
  it("is the same for the same name", () => expect(hueOf("Ada Lovelace")).toBe(hueOf("Ada Lovelace")));
  it("is every one of them for some name", () => {
    const found = new Set(Array.from({ length: 500 }, (_, n) => hueOf(`Person ${n}`)));
    expect(found).toEqual(new Set(HUES));
  });
});

describe("an avatar", () => {
  const show = (url: string | null) =>
    render(<Avatar name="Ada Lovelace" url={url} size={40} />).container.firstElementChild!;
  it("is the picture where there is one, and says nothing that the name beside it does not", () => {
    const img = show("/media/avatars/x.webp");
    expect([img.tagName, img.getAttribute("src"), img.getAttribute("alt")]).toEqual([
      "IMG",
      "/media/avatars/x.webp",
      "",
    ]);
  });
  it("is initials where there is none, drawn without any style of its own", () => {
    const svg = show(null);
    expect([svg.tagName, svg.textContent, svg.getAttribute("aria-hidden")]).toEqual(["svg", "AL", "true"]);
    expect(svg.getAttribute("data-hue")).toBe(hueOf("Ada Lovelace"));
    expect(svg.outerHTML).not.toContain("style=");
  });
});

/** `light-dark(oklch(L C H), oklch(L C H))` of a token, for one scheme. */
const tokens = readFileSync("app/styles/tokens.css", "utf8");
function token(name: string, scheme: "light" | "dark") {
  const [, light, dark] = tokens.match(
    new RegExp(`${name}: light-dark\\((oklch\\([^)]*\\)\\)?|\\w+), (oklch\\([^)]*\\)\\)?|\\w+)\\)`),
  )!;
  return scheme === "light" ? light! : dark!;
}

/** Relative luminance (WCAG 2.2) of an oklch colour, clipped to sRGB (CSS Color 4, sample code). */
function luminance(colour: string, hue = 0) {
  if (colour === "white") return 1;
  const [, L, C, h] = colour.match(/oklch\(([\d.]+) ([\d.]+) (.+?)\)*$/)!;
  const angle = ((h!.startsWith("var") ? hue : Number(h)) * Math.PI) / 180;
  const [a, b] = [Number(C) * Math.cos(angle), Number(C) * Math.sin(angle)];
  const l = (Number(L) + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (Number(L) - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (Number(L) - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((channel) => Math.min(1, Math.max(0, channel)));
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}
const contrast = (one: number, other: number) =>
  (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

describe("the contrast of initials", () => {
  const hueIn = (name: string) =>
    Number(tokens.match(new RegExp(`\\[data-hue="${name}"\\] \\{\\s*--hue: (\\d+)`))?.[1]);
  it("is computed as WCAG does: black on white is 21, and the blue of sRGB on white 8.59", () => {
    expect(contrast(luminance("oklch(0 0 0)"), 1)).toBeCloseTo(21);
    expect(contrast(luminance("oklch(0.452014 0.313214 264.052)"), 1)).toBeCloseTo(8.59, 1);
  });
  it.each(HUES.flatMap((hue) => (["light", "dark"] as const).map((scheme) => [hue, scheme] as const)))(
    "on %s, %s, is at least 4.5:1",
    (hue, scheme) => {
      expect(hueIn(hue)).toBeGreaterThan(0);
      const ground = luminance(token("--tone", scheme), hueIn(hue));
      expect(contrast(ground, luminance(token("--on-accent", scheme)))).toBeGreaterThanOrEqual(4.5);
    },
  );
});
