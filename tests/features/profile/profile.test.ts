import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { Profile } from "#models/profile.server";
import { User } from "#models/user.server";
import * as avatarFile from "~/features/profile/avatar-file";
import * as person from "~/features/profile/person";
import * as profile from "~/features/profile/profile";
import { call, get, post } from "../../helpers/call";
import { failingCommit, unansweredCommit } from "../../helpers/commits";
import { signedIn } from "../../helpers/people";
import { blankPng, filesUnder, noisy, plain, postFiles, type SentFile } from "../../helpers/uploads";

let red: Buffer;
let blue: Buffer;
let gif: Buffer;
beforeAll(async () => {
  red = await plain(300, 200, "#ff0000").jpeg().toBuffer();
  blue = await plain(300, 200, "#0000ff").png().toBuffer();
  gif = await plain(50, 50).gif().toBuffer();
});
/** The record at the end of a ZIP without files, by which readers find it behind anything. */
const zipEnd = Buffer.from("PK\u0005\u0006".padEnd(22, "\0"));
const picture = (bytes: Buffer | string, filename = "me.jpg"): SentFile => ({
  bytes,
  filename,
  type: "image/jpeg",
});

interface Sent {
  display_name?: string;
  bio?: string;
  owner?: string;
  remove_picture?: string;
  avatar?: SentFile;
}
const form = ({ avatar, ...texts }: Sent, cookie = "") =>
  postFiles(
    "/profile",
    [...Object.entries(texts), ...(avatar ? [["avatar", avatar] as [string, SentFile]] : [])],
    {
      Cookie: cookie,
    },
  );
const save = (sent: Sent, cookie = "") =>
  call(profile.action, form({ display_name: "Ada Lovelace", ...sent }, cookie));
const load = async (cookie = "") => (await call(profile.loader, get("/profile", { Cookie: cookie }))).data;
const file = (url: string, request = get(url)) =>
  call(avatarFile.loader, request, { name: url.replace("/media/avatars/", "") });
const see = (username: string, cookie = "") =>
  call(person.loader, get(`/people/${username}`, { Cookie: cookie }), { username });
const messages = (answer: { data: { problem: { errors: { message: string }[] } } }) =>
  answer.data.problem.errors.map(({ message }) => message);

describe("the tutorial's steps", () => {
  it("an empty profile at first; a form with a file creates it; one without keeps the picture", async () => {
    expect(await load()).toEqual({ owner: "", profile: null });
    const created = await save({ bio: "Analyst", avatar: picture(red) });
    expect([created.status, created.headers.get("Location")]).toEqual([303, "/profile"]);
    const first = await load();
    expect(first.profile).toMatchObject({ displayName: "Ada Lovelace", bio: "Analyst" });
    expect(first.profile.avatar).toMatch(/^\/media\/avatars\/[0-9a-f]{32}-[0-9a-f]{32}\.webp$/);
    expect((await file(first.profile.avatar)).status).toBe(200);

    await save({
      bio: "Still an analyst",
      avatar: { bytes: "", filename: "", type: "application/octet-stream" },
    });
    const second = await load();
    expect(second.profile).toMatchObject({ bio: "Still an analyst", avatar: first.profile.avatar });
    expect(second.profile.updatedAt.getTime()).toBeGreaterThan(first.profile.updatedAt.getTime());
    expect((await file(first.profile.avatar)).status).toBe(200);
  });
  it("a form without enctype is read as well", async () => {
    const { status } = await call(profile.action, post("/profile", { display_name: "Plain", bio: "" }));
    expect([status, (await load()).profile.displayName]).toEqual([303, "Plain"]);
  });
});

describe("a profile", () => {
  it("is the site's for who is anonymous, and everybody's own for who is signed in", async () => {
    const { cookie } = await signedIn();
    await save({ display_name: "The site" });
    await save({ display_name: "Ada" }, cookie);
    expect((await load()).profile.displayName).toBe("The site");
    expect(await load(cookie)).toMatchObject({ owner: "ada", profile: { displayName: "Ada" } });
  });
  it("is not changed by a form that was opened before somebody signed in or out", async () => {
    const { cookie } = await signedIn();
    await save({ display_name: "The site" });
    const late = await save({ display_name: "Mine", owner: "ada", avatar: picture(red) });
    expect(late.status).toBe(422);
    expect(messages(late)[0]).toContain("You have signed in or out since this page was opened");
    expect(late.data.problem.values.display_name).toBe("Mine");
    expect((await save({ owner: "" }, cookie)).status).toBe(422);
    expect((await load()).profile.displayName).toBe("The site");
    expect([await Profile.count(), filesUnder()]).toEqual([1, []]);
  });
  it("is not saved for who is deleted while their picture is on its way", async () => {
    const { user, cookie } = await signedIn();
    const request = form({ display_name: "Ada", avatar: picture(red) }, cookie);
    const { getUser } = await import("~/services/session.server");
    await getUser(request);
    await user.destroy();
    expect((await call(profile.action, request)).status).toBe(404);
    expect([await Profile.count(), filesUnder()]).toEqual([0, []]);
  });
});

describe("a picture", () => {
  it("is kept in two sizes and in no other form", async () => {
    await save({ avatar: picture(await noisy(900, 700).jpeg().toBuffer()) });
    const found = await Promise.all(
      filesUnder().map(async (path) => (await sharp(join(process.env.UPLOADS!, path)).metadata()).width),
    );
    expect(found.sort()).toEqual([512, 96]);
  });
  it("stays where a profile points to it, though the commit brought an error, and goes where none does", async () => {
    unansweredCommit("the connection broke");
    await expect(save({ avatar: picture(red) })).rejects.toThrow("the connection broke");
    const { avatar } = (await load()).profile;
    expect([(await file(avatar)).status, filesUnder().length]).toEqual([200, 2]);
    failingCommit("no room on the disk");
    await expect(save({ avatar: picture(blue) })).rejects.toThrow("no room on the disk");
    expect([(await load()).profile.avatar, filesUnder().length]).toEqual([avatar, 2]);
  });
  it("that replaces another takes its files away", async () => {
    await save({ avatar: picture(red) });
    const before = filesUnder();
    await save({ avatar: picture(blue) });
    expect(filesUnder()).toHaveLength(2);
    expect(filesUnder().filter((path) => before.includes(path))).toEqual([]);
  });
  it("can be removed, and its files go with it", async () => {
    await save({ avatar: picture(red) });
    const { avatar } = (await load()).profile;
    const { status, headers } = await save({ remove_picture: "1", bio: "without" });
    expect([status, headers.get("Location")]).toEqual([303, "/profile"]);
    expect((await load()).profile).toMatchObject({ avatar: null, bio: "without" });
    expect(filesUnder()).toEqual([]);
    expect((await file(avatar)).status).toBe(404);
    expect((await save({ remove_picture: "1" })).status).toBe(303);
  });
  it("is not removed where another one comes with it", async () => {
    await save({ avatar: picture(red) });
    await save({ avatar: picture(blue), remove_picture: "1" });
    expect([(await file((await load()).profile.avatar)).status, filesUnder().length]).toEqual([200, 2]);
  });
  it("is not removed by a form that is refused, which keeps the tick", async () => {
    await save({ avatar: picture(red) });
    const { data } = await save({ remove_picture: "1", display_name: "" });
    expect([data.problem.values.remove_picture, filesUnder().length]).toEqual(["1", 2]);
  });
  it("is decided by its bytes, whatever it is called", async () => {
    expect((await save({ avatar: { bytes: blue, filename: "notes.txt", type: "text/plain" } })).status).toBe(
      303,
    );
    const text = await save({ avatar: { bytes: "just text", filename: "me.png", type: "image/png" } });
    expect([text.status, messages(text)]).toEqual([
      422,
      ["The picture must be a JPEG, PNG, WebP, GIF or AVIF"],
    ]);
  });
  it.each([
    ["SVG", () => "<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a JPEG"],
    ["PDF", () => "%PDF-1.7", "must be a JPEG"],
    ["HTML", () => "<!doctype html>", "must be a JPEG"],
    ["two kinds at once", () => Buffer.concat([gif, zipEnd]), "must be a JPEG"],
    ["20,000 × 20,000 pixels", () => blankPng(20_000, 20_000), "has too many pixels"],
    ["half its bytes", () => red.subarray(0, red.length / 2), "is damaged or incomplete"],
    ["nothing", () => "", "The picture is empty"],
    ["5 MB and a byte", () => "x".repeat(5 * 2 ** 20 + 1), "The picture must be smaller than 5 MB"],
  ])("of %s is refused, with what was typed kept and the picture before left", async (_, make, words) => {
    await save({ bio: "before", avatar: picture(red) });
    const before = [await load(), filesUnder()];
    const refused = await save({ display_name: "Typed", bio: "also typed", avatar: picture(make()) });
    expect(refused.status).toBe(422);
    expect(messages(refused)[0]).toContain(words);
    expect(refused.data.problem.values).toEqual({ display_name: "Typed", bio: "also typed" });
    expect([await load(), filesUnder()]).toEqual(before);
  });
  it("of two that come at once: the last to be committed is there, and nothing else", async () => {
    await save({ avatar: picture(red) });
    const answers = await Promise.all([save({ avatar: picture(red) }), save({ avatar: picture(blue) })]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(filesUnder()).toHaveLength(2);
    expect((await file((await load()).profile.avatar)).status).toBe(200);
  });
  it("that cannot be kept, because the database refuses its row, leaves no file", async () => {
    const { sequelize } = await import("#models/database.server");
    const { user, cookie } = await signedIn();
    const request = form({ display_name: "Ada", avatar: picture(red) }, cookie);
    await sequelize.query("ALTER TABLE profiles RENAME TO away");
    try {
      await expect(call(profile.action, request)).rejects.toThrow();
    } finally {
      await sequelize.query("ALTER TABLE away RENAME TO profiles");
    }
    expect([user.username, filesUnder()]).toEqual(["ada", []]);
  });
});

describe("a field that is refused", () => {
  it.each([
    [{ display_name: " " }, "Enter the name that others are to see"],
    [{ display_name: "x".repeat(101) }, "Display name must be 100 characters or fewer; it has 101"],
    [{ display_name: "x".repeat(10_000) }, "Display name must be 100 characters or fewer; it has 10000"],
    [{ display_name: "a\u0000" }, "Display name must not contain the character NUL"],
    [{ bio: "x".repeat(5_001) }, "Bio must be 5,000 characters or fewer; it has 5,001"],
  ])("%# is told at its field, and a picture that came with it is not kept", async (fields, message) => {
    const refused = await save({ ...fields, avatar: picture(red) });
    expect(refused.status).toBe(422);
    expect(messages(refused)).toEqual([
      message,
      "The picture was not saved. Choose it again where the field is empty",
    ]);
    expect([await Profile.count(), filesUnder()]).toEqual([0, []]);
  });
  it("because it is missing is told too", async () => {
    const { status } = await call(profile.action, postFiles("/profile", []));
    expect(status).toBe(422);
  });
});

describe("the page of a person", () => {
  it("has what they have saved, and a way to change it for themselves", async () => {
    const { cookie } = await signedIn();
    await save({ bio: "Analyst", avatar: picture(red) }, cookie);
    const { data } = await see("ADA");
    expect(data).toMatchObject({
      username: "ada",
      displayName: "Ada Lovelace",
      bio: "Analyst",
      isOwn: false,
    });
    expect((await file(data.avatar)).status).toBe(200);
    expect((await see("ada", cookie)).data.isOwn).toBe(true);
  });
  it.each(["nobody", "quiet", "gone", "a b", "x".repeat(5_000), "..", "a\u0000"])(
    "of %j is a 404: who is unknown, has saved nothing or is not active answer alike",
    async (username) => {
      await User.add({ username: "quiet" });
      const gone = await User.add({ username: "gone" });
      await Profile.save(gone.id, { displayName: "Gone", bio: "" }, null);
      await gone.update({ isActive: false });
      expect(await see(username)).toMatchObject({ status: 404, data: null });
    },
  );
  it("is not that of the site", async () => {
    await save({});
    expect((await see("")).status).toBe(404);
  });
});

describe("the file of a picture", () => {
  const avatar = async () => {
    await save({ avatar: picture(red) });
    return (await load()).profile.avatar as string;
  };
  it("may be kept for ever, and is what it says", async () => {
    const url = await avatar();
    const { status, headers } = await file(url);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "image/webp",
      "content-length": expect.stringMatching(/^\d+$/),
      etag: `"${url.replace("/media/avatars/", "")}"`,
    });
  });
  it("is a 304 for who has it", async () => {
    const url = await avatar();
    const etag = (await file(url)).headers.get("ETag")!;
    const again = await file(url, get(url, { "If-None-Match": etag }));
    expect([again.status, again.headers.get("ETag")]).toEqual([304, etag]);
  });
  it("is not served where no profile points to it", async () => {
    const url = await avatar();
    await Profile.update({ avatar: null, smallAvatar: null }, { where: {} });
    expect(filesUnder()).toHaveLength(2);
    expect((await file(url)).status).toBe(404);
  });
  it("is a 404 where it is missing", async () => {
    const url = await avatar();
    rmSync(join(process.env.UPLOADS!, "avatars"), { recursive: true });
    expect((await file(url)).status).toBe(404);
  });
  it.each(["", ".", "..", "x", "../../package.json", "..%2f..%2fpackage.json", "a\u0000.webp", "notes.txt"])(
    "is a 404 for the name %j",
    async (name) => {
      await avatar();
      writeFileSync(join(process.env.UPLOADS!, "avatars/notes.txt"), "secret");
      expect((await file(`/media/avatars/${name}`, get("/media/avatars/x"))).status).toBe(404);
    },
  );
});
