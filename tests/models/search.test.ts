import { describe, expect, it } from "vitest";
import { Group } from "#models/group.server";
import { containsWords, wordsOf } from "#models/search.server";
import { User } from "#models/user.server";

const add = (...names: string[]) => Group.bulkCreate(names.map((name) => ({ name })));
const find = async (typed: string) =>
  (await Group.findAll({ where: containsWords(["group.name"], typed), order: ["id"] })).map(
    ({ name }) => name,
  );

describe("a search by words", () => {
  it("finds what holds every word somewhere, whatever its case", async () => {
    await add("Order the bolts", "the order of bolts", "order nuts");
    expect(await find("BOLT order")).toEqual(["Order the bolts", "the order of bolts"]);
  });
  it.each(["%", "_", "\\", "'", '"', "$1", ":name", "?", "%%", "\\%"])(
    "takes %s as the characters that they are",
    async (characters) => {
      await add("plain", `a${characters}b`);
      expect(await find(characters)).toEqual([`a${characters}b`]);
    },
  );
  it("finds other letters than ASCII as typed, small, and in capitals", async () => {
    await add("Zürich", "ZÜRICH", "Éloïse");
    expect(await find("zürich")).toEqual(["Zürich", "ZÜRICH"]);
    expect(await find("ZÜRICH")).toEqual(["Zürich", "ZÜRICH"]);
    expect(await find("Éloïse")).toEqual(["Éloïse"]);
  });
  it("looks in several columns, each word in any of them", async () => {
    await User.bulkCreate([
      { username: "ada", usernameKey: "ada", displayName: "Lovelace" },
      { username: "grace", usernameKey: "grace", displayName: "Hopper" },
    ]);
    const where = containsWords(["user.username", "user.display_name"], "love ad");
    expect((await User.findAll({ where })).map(({ username }) => username)).toEqual(["ada"]);
  });
  it("has at most ten words, and none of blanks and NULs", () => {
    expect(wordsOf(" a\u0000b  c ")).toEqual(["a", "b", "c"]);
    expect(wordsOf("x ".repeat(50))).toHaveLength(10);
    expect(wordsOf(" \u0000 ")).toEqual([]);
  });
});
