import { describe, expect, it } from "vitest";
import { cleanFilename, titleOf } from "#models/document-filename";

describe("the name of a file", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["  two   words .txt", "two words .txt"],
    [".gitignore", ".gitignore"],
    ["archive.tar.gz", "archive.tar.gz"],
    ["e\u0301.txt", "é.txt"],
    ["/etc/passwd", "passwd"],
    ["a\\b\\c.txt", "c.txt"],
    ["folder/", "document"],
    ["...", "document"],
    ["\u202e", "document"],
    ["name...", "name"],
    ["a\u0000\u001fb", "ab"],
    ["half \ud83d.txt", "half .txt"],
    ["aux", "_aux"],
    ["CON.tar.gz", "_CON.tar.gz"],
    ["com¹.txt", "_com¹.txt"],
    ["console.log", "console.log"],
    ["auxiliary.txt", "auxiliary.txt"],
  ])("%j is kept as %j", (given, kept) => {
    expect(cleanFilename(given)).toBe(kept);
    expect(cleanFilename(kept), "cleaned again it is the same").toBe(kept);
  });
});

describe("what is far too long for a name", () => {
  it.each([
    ["dots", "."],
    ["spaces", " "],
    ["marks that belong to one letter", "\u0301"],
  ])("is looked at from its end, also where it is nothing but %s", (_, character) => {
    expect(cleanFilename(`${character.repeat(500_000)}x.txt`)).toMatch(/\.txt$/);
  });
});

describe("a document without a title", () => {
  it.each([
    ["report.pdf", "report"],
    ["archive.tar.gz", "archive.tar"],
    [".gitignore", ".gitignore"],
    ["README", "README"],
    ["x".repeat(250), "x".repeat(200)],
  ])("%s is called %s", (filename, title) => {
    expect(titleOf(filename)).toBe(title);
  });
});
