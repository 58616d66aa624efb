import { beforeEach, describe, expect, it } from "vitest";
import { Profile } from "#models/profile.server";
import { User } from "#models/user.server";
import type { FormView } from "~/features/admin/form.server";
import { takePicture } from "~/features/profile/picture.server";
import { failingCommit } from "../../helpers/commits";
import { signedIn } from "../../helpers/people";
import { filesUnder, plain, type SentFile } from "../../helpers/uploads";
import { adminOf, opened } from "../admin/admin";

let profiles: ReturnType<typeof adminOf>;
let users: ReturnType<typeof adminOf>;
let ada: User;
beforeEach(async () => {
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  profiles = adminOf(cookie, "profile", "profile");
  users = adminOf(cookie, "accounts", "user");
  ada = await User.add({ username: "ada" });
});

/** A profile with a picture. */
async function saved(userId: number | null, displayName: string) {
  const picture = await takePicture([await plain(20, 20).png().toBuffer()]);
  return Profile.create({ userId, displayName, ...picture });
}
const picture = async (colour?: string) => ({
  bytes: await plain(20, 20, colour).png().toBuffer(),
  filename: "me.png",
});
/** What the form of a profile sends, with these parts in place of its own. */
async function form(id: number, ...parts: [string, string | SentFile][]) {
  const sent = Object.entries(await opened(profiles, id));
  return [...sent.filter(([name]) => !parts.some(([other]) => other === name)), ...parts];
}
const messages = ({ data }: { data: { problem: { errors: { name: string; message: string }[] } } }) =>
  data.problem.errors;

describe("profiles in the admin", () => {
  it("can be added and changed by the rules of their page; a change is a save of its own time", async () => {
    expect((await profiles.add({ user_id: String(ada.id), display_name: "Ada", bio: "" })).status).toBe(303);
    const { id, updatedAt } = (await Profile.findOne())!;
    const form = await opened(profiles, id);
    const refused = await profiles.change(id, { ...form, display_name: "x".repeat(101) });
    expect(messages(refused)[0]?.message).toContain("Display name must be 100 characters or fewer");
    expect((await profiles.change(id, { ...form, bio: "one\r\ntwo" })).status).toBe(303);
    const changed = (await Profile.findOne())!;
    expect([changed.bio, changed.updatedAt > updatedAt]).toEqual(["one\ntwo", true]);
  });
  it("are one a person and one of the site: a second is refused in words", async () => {
    await saved(ada.id, "Ada");
    await saved(null, "Site");
    const second = await profiles.add({ user_id: String(ada.id), display_name: "Second", bio: "" });
    expect([second.status, messages(second)]).toEqual([
      422,
      [{ name: "user_id", message: "Profile with this user already exists." }],
    ]);
    const site = await profiles.add({ user_id: "", display_name: "Second", bio: "" });
    expect([site.status, messages(site)[0]?.message]).toEqual([
      422,
      "There is a profile of the site already",
    ]);
    expect(await Profile.count()).toBe(2);
  });
  it("are that also where two of the site are added at once", async () => {
    const fields = { user_id: "", display_name: "Site", bio: "" };
    const answers = await Promise.all([profiles.add(fields), profiles.add(fields), profiles.add(fields)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
  });
  it("have their picture in the form: it is kept where none is sent, and no key is taken for one", async () => {
    const { id, avatar } = await saved(ada.id, "Ada");
    const { view } = (await profiles.form(id)).data;
    const field = view.sections.flatMap(({ fields }: FormView["sections"][number]) => fields).at(-1);
    expect(field).toMatchObject({ name: "avatar", label: "Picture", widget: "file", required: false });
    expect([view.values.avatar, Object.keys(view.values)]).toEqual([
      avatar,
      ["user_id", "display_name", "bio", "avatar"],
    ]);
    const sent = { ...(await opened(profiles, id)), display_name: "Ada L.", small_avatar: "" };
    expect((await profiles.changeWith(id, Object.entries(sent))).status).toBe(303);
    expect(await Profile.findByPk(id)).toMatchObject({ displayName: "Ada L.", avatar });
    const text = await profiles.change(id, { ...(await opened(profiles, id)), avatar: "avatars/other" });
    expect([text.status, messages(text)[0]]).toEqual([
      422,
      { name: "avatar", message: "The picture did not arrive as a file. Choose it again" },
    ]);
  });
  it("take another picture in both sizes, noted as such; the one before goes", async () => {
    const added = await profiles.addWith([
      ["user_id", String(ada.id)],
      ["display_name", "Ada"],
      ["bio", ""],
      ["avatar", await picture()],
    ]);
    expect(added.status).toBe(303);
    const { id, avatar } = (await Profile.findOne())!;
    expect([avatar !== null, filesUnder().length]).toEqual([true, 2]);
    expect((await profiles.changeWith(id, await form(id, ["avatar", await picture("#fff")]))).status).toBe(
      303,
    );
    const after = (await Profile.findByPk(id))!;
    expect(after.avatar).not.toBe(avatar);
    expect(filesUnder().toSorted()).toEqual(after.fileKeys().toSorted());
    const { deeds } = (await profiles.history(id)).data;
    expect(deeds[0].changes).toEqual([{ field: "Picture", before: "a file", after: "another file" }]);
  });
  it("keep the one before where another could not be committed", async () => {
    const { id, avatar } = await saved(ada.id, "Ada");
    const before = filesUnder();
    const sent = await form(id, ["avatar", await picture("#fff")]);
    failingCommit("no room on the disk");
    await expect(profiles.changeWith(id, sent)).rejects.toThrow("no room on the disk");
    expect((await Profile.findByPk(id))!.avatar).toBe(avatar);
    expect(filesUnder()).toEqual(expect.arrayContaining(before));
  });
  it("lose it by a tick, and cannot have it back by restoring, which says so", async () => {
    await profiles.add({ user_id: String(ada.id), display_name: "Ada", bio: "" });
    const { id } = (await Profile.findOne())!;
    await profiles.changeWith(id, await form(id, ["avatar", await picture()]));
    expect((await profiles.changeWith(id, await form(id, ["_remove_avatar", "1"]))).status).toBe(303);
    expect(await Profile.findByPk(id)).toMatchObject({ avatar: null, smallAvatar: null });
    expect(filesUnder()).toEqual([]);
    const { deeds, hasFiles } = (await profiles.history(id)).data;
    expect([deeds.length, hasFiles]).toEqual([3, true]);
    expect((await profiles.restore(id, deeds[1].id)).status).toBe(303);
    expect((await Profile.findByPk(id))!.avatar).toBeNull();
  });
  it("keep nothing of a picture whose form is refused, and say that it is to be chosen again", async () => {
    const { id, avatar } = await saved(ada.id, "Ada");
    const before = filesUnder();
    const bad = await profiles.changeWith(
      id,
      await form(id, ["display_name", ""], ["avatar", await picture()]),
    );
    const lost = {
      name: "avatar",
      message: expect.stringContaining("The picture was not saved. Choose it again"),
    };
    expect([bad.status, messages(bad)[1]]).toEqual([422, lost]);
    await saved(null, "Site");
    const here = filesUnder();
    const taken = await profiles.changeWith(id, await form(id, ["user_id", ""], ["avatar", await picture()]));
    expect([taken.status, messages(taken)[1]]).toEqual([422, lost]);
    const mine = await form(id, ["bio", "mine"], ["avatar", await picture()]);
    await Profile.update({ bio: "theirs" }, { where: { id } });
    const conflict = await profiles.changeWith(id, mine);
    expect([conflict.status, messages(conflict)]).toEqual([409, [lost]]);
    const noPicture = await profiles.changeWith(
      id,
      await form(id, ["avatar", { bytes: "text", filename: "a.png" }]),
    );
    expect([noPicture.status, messages(noPicture)[0]?.name]).toEqual([422, "avatar"]);
    expect((await Profile.findByPk(id))!.avatar).toBe(avatar);
    expect(filesUnder()).toEqual(here);
    expect(before.every((file) => here.includes(file))).toBe(true);
  });
  it("that got another picture meanwhile are a conflict: neither is overwritten silently", async () => {
    const { id } = await saved(ada.id, "Ada");
    const mine = await form(id, ["avatar", await picture()]);
    await profiles.changeWith(id, await form(id, ["avatar", await picture("#fff")]));
    const { avatar } = (await Profile.findByPk(id))!;
    const { status, data } = await profiles.changeWith(id, mine);
    expect([status, data.conflict.conflicts]).toEqual([
      409,
      [{ name: "avatar", label: "Picture", yours: "a file", theirs: "a file", both: false }],
    ]);
    expect(data.problem.values.avatar).toBe(avatar);
    expect(filesUnder()).toHaveLength(2);
  });
  it("take their files with them when they are deleted, one by one or many at once", async () => {
    const one = await saved(ada.id, "Ada");
    expect((await profiles.delete(one.id)).status).toBe(303);
    expect(filesUnder()).toEqual([]);
    const many = [await saved(ada.id, "Ada"), await saved(null, "Site")];
    const ids = many.map(({ id }) => String(id));
    expect((await profiles.bulk({ action: "delete", id: ids, confirm: "1" })).status).toBe(303);
    expect([await Profile.count(), filesUnder()]).toEqual([0, []]);
  });
  it("go with their person, and so do their files, one by one or many at once", async () => {
    await saved(ada.id, "Ada");
    expect((await users.preview(ada.id)).data.found.deleted).toContainEqual({
      called: "profile",
      count: 1,
      names: ["Ada"],
    });
    expect((await users.delete(ada.id)).status).toBe(303);
    expect([await Profile.count(), filesUnder()]).toEqual([0, []]);
    const many = [await User.add({ username: "bob" }), await User.add({ username: "eve" })];
    for (const { id, username } of many) await saved(id, username);
    await saved(null, "Site");
    expect(filesUnder()).toHaveLength(6);
    await users.bulk({ action: "delete", id: many.map(({ id }) => String(id)), confirm: "1" });
    expect([await Profile.count(), filesUnder().length]).toEqual([1, 2]);
  });
  it("keep their files where their person cannot be deleted", async () => {
    await saved(ada.id, "Ada");
    failingCommit("no room on the disk");
    await expect(users.delete(ada.id)).rejects.toThrow("no room on the disk");
    expect([await Profile.count(), filesUnder().length]).toEqual([1, 2]);
  });
});
