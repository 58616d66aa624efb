import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { sequelize } from "#models/database.server";
import { type Picture, Profile, profileBio, profileName } from "#models/profile.server";
import { User } from "#models/user.server";
import { whileDeleted } from "../helpers/deadlock";

let last = 0;
/** The keys of another picture. */
const picture = (): Picture => {
  last += 1;
  return { avatar: `avatars/large-${last}`, smallAvatar: `avatars/small-${last}` };
};
const texts = { displayName: "Ada Lovelace", bio: "" };
const without = { ...texts, picture: null };
let ada: User;
beforeEach(async () => {
  ada = await User.add({ username: "ada" });
});
const by = () => ({ id: ada.id, username: "ada" });
const keys = async () => {
  const found: string[] = [];
  for await (const key of Profile.fileKeys()) found.push(key);
  return found;
};
const problem = (rule: typeof profileName | typeof profileBio, text: unknown) =>
  rule.safeParse(text).error?.issues[0]?.message;

// SQLite has one writer at a time.
const onPostgres = sequelize.getDialect() === "postgres" ? describe : () => {};

onPostgres("who takes their picture away while they are being deleted", () => {
  it("is not told of a deadlock", async () => {
    const { avatar, smallAvatar } = picture();
    await Profile.save(ada.id, { ...texts, picture: { avatar, smallAvatar } }, by());
    const profile = (await Profile.findOne())!;
    const gone = await whileDeleted(ada, profile, () => Profile.save(ada.id, without, by()));
    expect(gone).toEqual([avatar, smallAvatar]);
  });
});

describe("a display name", () => {
  it("may have 100 characters, whatever they are made of, and is trimmed", () => {
    expect(profileName.parse(`  ${"🔑".repeat(100)} `)).toBe("🔑".repeat(100));
  });
  it.each([
    [undefined, "Enter the name that others are to see"],
    ["  ", "Enter the name that others are to see"],
    ["x".repeat(101), "Display name must be 100 characters or fewer; it has 101"],
    ["a\u0000b", "Display name must not contain the character NUL"],
    ["a\nb", "Display name must be one line without control characters"],
  ])("is refused as %j", (text, message) => expect(problem(profileName, text)).toBe(message));
});

describe("a bio", () => {
  it("may be missing or empty, and have several lines", () => {
    expect(profileBio.parse(undefined)).toBe("");
    expect(profileBio.parse(" \r\n ")).toBe("");
    expect(profileBio.parse("one\r\n\r\ntwo\rthree\t\n")).toBe("one\n\ntwo\nthree");
  });
  it("may have 5,000 characters, a new line counted as one", () => {
    expect(profileBio.parse(`${"🔑\r\n".repeat(2_499)}🔑!`)).toHaveLength(7_500);
    const message = "Bio must be 5,000 characters or fewer; it has 5,001";
    expect(problem(profileBio, "x".repeat(5_001))).toBe(message);
  });
  it("with a NUL is refused", () =>
    expect(problem(profileBio, "a\u0000")).toBe("Bio must not contain the character NUL"));
});

describe("a profile", () => {
  it("is not there before it is first saved", async () => {
    expect([await Profile.of(null), await Profile.of(ada.id)]).toEqual([null, null]);
  });
  it("is a person's own, or the one of the site", async () => {
    await Profile.save(ada.id, texts, by());
    await Profile.save(null, { displayName: "Site", bio: "All of us" }, null);
    expect(await Profile.of(ada.id)).toMatchObject({ displayName: "Ada Lovelace", bio: "", avatar: null });
    expect(await Profile.of(null)).toMatchObject({ displayName: "Site", bio: "All of us" });
  });
  it("is refused with a value that breaks its rule, whoever asks", async () => {
    await expect(Profile.save(null, { displayName: "", bio: "" }, null)).rejects.toThrow();
    await expect(Profile.save(null, { ...texts, bio: "x".repeat(5_001) }, null)).rejects.toThrow();
    expect(await Profile.count()).toBe(0);
  });
  it("keeps its picture where it is saved without one, and gives the old one back where it gets another", async () => {
    const [first, second] = [picture(), picture()];
    expect(await Profile.save(null, { ...texts, picture: first }, null)).toEqual([]);
    expect(await Profile.save(null, { ...texts, bio: "new" }, null)).toEqual([]);
    expect(await Profile.of(null)).toMatchObject({ bio: "new", avatar: first.avatar });
    expect(await Profile.save(null, { ...texts, picture: second }, null)).toEqual(Object.values(first));
    expect(await keys()).toEqual(Object.values(second));
  });
  it("without its picture gives its keys back, once", async () => {
    const only = picture();
    await Profile.save(ada.id, { ...texts, picture: only }, by());
    expect(await Profile.save(ada.id, without, by())).toEqual(Object.values(only));
    expect(await Profile.save(ada.id, without, by())).toEqual([]);
    expect(await Profile.of(ada.id)).toMatchObject({ displayName: "Ada Lovelace", avatar: null });
  });
});

describe("the time of the last save", () => {
  it("is later with every save, also of the same values, at once and with the clock put back", async () => {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      await Profile.save(null, texts, null);
      times.push((await Profile.of(null))!.updatedAt.getTime());
    }
    expect(new Set(times).size).toBe(5);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    const ahead = new Date(Date.now() + 60_000);
    await Profile.update({ updatedAt: ahead }, { where: {} });
    await Profile.save(null, texts, null);
    expect((await Profile.of(null))!.updatedAt.getTime()).toBeGreaterThan(ahead.getTime());
  });
  it("cannot be set", async () => {
    const updatedAt = new Date(0);
    const values = { ...texts, updatedAt };
    await Profile.save(null, values, null);
    await Profile.save(null, values, null);
    const profile = (await Profile.findOne())!;
    expect(profile.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await profile.update({ displayName: "By another way", updatedAt });
    expect((await Profile.of(null))!.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });
  it("is not the one of the first", async () => {
    await Profile.save(null, texts, null);
    const { createdAt } = (await Profile.findOne())!;
    await Profile.save(null, texts, null);
    expect((await Profile.findOne())!.createdAt).toEqual(createdAt);
  });
});

describe("the database", () => {
  it("holds one profile of the site, and one of each person", async () => {
    await Profile.create({ userId: null, displayName: "one" });
    await expect(Profile.create({ userId: null, displayName: "two" })).rejects.toThrow();
    await Profile.create({ userId: ada.id, displayName: "one" });
    await expect(Profile.create({ userId: ada.id, displayName: "two" })).rejects.toThrow();
    const sql = "INSERT INTO profiles (display_name, created_at, updated_at) VALUES ('three', :at, :at)";
    await expect(sequelize.query(sql, { replacements: { at: new Date() } })).rejects.toThrow();
    expect(await Profile.count()).toBe(2);
  });
  it("deletes a profile with its person", async () => {
    await Profile.save(ada.id, { ...texts, picture: picture() }, by());
    await ada.destroy();
    expect([await Profile.count(), await keys()]).toEqual([0, []]);
  });
});

describe("two at once", () => {
  it.each([
    ["of the site", false],
    ["of a person", true],
  ])(
    "save the first version %s: there is one profile, and one picture is given back",
    async (_, isOfPerson) => {
      const owner = isOfPerson ? ada.id : null;
      const pictures = [picture(), picture()];
      const released = await Promise.all(
        pictures.map((one) => Profile.save(owner, { ...texts, picture: one }, null)),
      );
      expect(await Profile.count()).toBe(1);
      const all = pictures.flatMap((one) => Object.values(one));
      expect([...(await keys()), ...released.flat()].sort()).toEqual(all.sort());
    },
  );
  it("or twenty: every picture but the last is given back exactly once", async () => {
    const pictures = Array.from({ length: 20 }, picture);
    const released = await Promise.all(
      pictures.map((one) => Profile.save(null, { ...texts, picture: one }, null)),
    );
    const now = await keys();
    expect(now).toHaveLength(2);
    expect([...now, ...released.flat()].sort()).toEqual(pictures.flatMap((one) => Object.values(one)).sort());
  });
});

describe("whose profile others see", () => {
  it("is that of an active person who has saved one, by their user name in any case", async () => {
    await Profile.save(ada.id, texts, by());
    expect(await Profile.ofUsername("ADA")).toMatchObject({ username: "ada", displayName: "Ada Lovelace" });
  });
  it("is nobody's who has saved none, is not active, is unknown or cannot be", async () => {
    expect(await Profile.ofUsername("ada")).toBeNull();
    await Profile.save(ada.id, texts, by());
    await ada.update({ isActive: false });
    for (const name of ["ada", "nobody", "", "a b", "a\u0000", "x".repeat(10_000)]) {
      expect(await Profile.ofUsername(name)).toBeNull();
    }
  });
  it("is not changed for who is gone or not active any more", async () => {
    await ada.update({ isActive: false });
    expect(await Profile.save(ada.id, texts, by())).toBeNull();
    await ada.destroy();
    expect(await Profile.save(ada.id, texts, by())).toBeNull();
    expect(await Profile.count()).toBe(0);
  });
});

describe("files", () => {
  it("are known by both of their keys, and by no other", async () => {
    const one = picture();
    await Profile.save(null, { ...texts, picture: one }, null);
    for (const key of Object.values(one)) expect(await Profile.pointsTo(key)).toBe(true);
    expect(await Profile.pointsTo("avatars/other")).toBe(false);
  });
  it("of more profiles than are read at once are all named", async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => ({
      userId: n + 1_000_000,
      displayName: "x",
      ...picture(),
    }));
    const people = rows.map(({ userId }) => ({ id: userId, username: `u${userId}` }));
    await User.bulkCreate(people);
    await Profile.bulkCreate(rows);
    expect(new Set(await keys()).size).toBe(2_002);
  });
});

describe("what was done", () => {
  const noted = async () =>
    (await Activity.findAll({ order: ["id"] })).map(({ deed, userName, label, changes }) => ({
      deed,
      userName,
      label,
      changes,
    }));
  it("is on record with before and after, pictures by their key", async () => {
    await Profile.save(ada.id, { displayName: "Ada", bio: "Hello" }, by());
    const { avatar, smallAvatar } = picture();
    await Profile.save(ada.id, { displayName: "Ada L.", bio: "", picture: { avatar, smallAvatar } }, by());
    await Profile.save(ada.id, { displayName: "Ada L.", bio: "", picture: null }, by());
    const who = { userName: "ada" };
    expect(await noted()).toEqual([
      {
        ...who,
        deed: "add",
        label: "Ada",
        changes: [
          { field: "display_name", before: null, after: "Ada" },
          { field: "bio", before: null, after: "Hello" },
        ],
      },
      {
        ...who,
        deed: "change",
        label: "Ada L.",
        changes: [
          { field: "display_name", before: "Ada", after: "Ada L." },
          { field: "bio", before: "Hello", after: null },
          { field: "avatar", before: null, after: avatar },
        ],
      },
      {
        ...who,
        deed: "change",
        label: "Ada L.",
        changes: [{ field: "avatar", before: avatar, after: null }],
      },
    ]);
  });
  it("is not where nothing differs", async () => {
    await Profile.save(null, texts, null);
    await Profile.save(null, texts, null);
    expect(await noted()).toHaveLength(1);
  });
  it("is on record for nobody where the page is open to all", async () => {
    await Profile.save(null, texts, null);
    expect(await noted()).toMatchObject([{ userName: "" }]);
  });
});
