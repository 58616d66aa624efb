import { expect, it } from "vitest";
import { fold } from "#models/fold";

const inCapitals = (text: string) => text.toUpperCase();
const inSmallLetters = (text: string) => text.toLowerCase();
const decomposed = (text: string) => text.normalize("NFD");

/** Every character of Unicode that any of this changes. */
const characters: string[] = [];
for (let code = 1; code < 0x110000; code += 1) {
  const character = String.fromCodePoint(code);
  if ([inCapitals, inSmallLetters, decomposed].some((change) => change(character) !== character))
    characters.push(character);
}

const offences = (change: (character: string) => string) =>
  characters.filter((character) => fold(change(character)) !== fold(character));

it("a character and itself in capitals, in small letters, decomposed or folded are the same, for all of Unicode", () => {
  expect(characters.length).toBeGreaterThan(10_000);
  expect(offences(inCapitals)).toEqual([]);
  expect(offences(inSmallLetters)).toEqual([]);
  expect(offences(decomposed)).toEqual([]);
  expect(offences(fold)).toEqual([]);
});
it.each([
  ["Straße", "STRASSE"],
  ["GROẞ", "gross"],
  ["ΟΔΟΣ", "οδος"],
  ["ÉCROU", "e\u0301crou"],
  ["ﬁlter", "FILTER"],
  ["ЖЁЛТЫЙ", "жёлтый"],
])("%s is %s", (one, other) => expect(fold(one)).toBe(fold(other)));
it("what is not a matter of case stays apart", () => {
  expect(new Set(["é", "e", "2", "²", "%", "_", "\\"].map(fold)).size).toBe(7);
});
