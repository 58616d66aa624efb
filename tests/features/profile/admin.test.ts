import { beforeEach, describe, expect, it } from "vitest";
import { Profile } from "#models/profile.server";
import { User } from "#models/user.server";
import { files } from "~/features/profile/feature.server";
import { takePicture } from "~/features/profile/picture.server";
import { sweep } from "~/services/files.server";
import { signedIn } from "../../helpers/people";
import { filesUnder, plain } from "../../helpers/uploads";
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
  it("show the keys of their files, and let nobody change them", async () => {
    const { id, avatar } = await saved(ada.id, "Ada");
    const form = await opened(profiles, id);
    expect(Object.keys(form)).not.toContain("avatar");
    await profiles.change(id, { ...form, avatar: "avatars/other", small_avatar: "", display_name: "Ada L." });
    expect(await Profile.findByPk(id)).toMatchObject({ displayName: "Ada L.", avatar });
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
  it("go with their person; their files go with the next sweep", async () => {
    await saved(ada.id, "Ada");
    expect((await users.preview(ada.id)).data.found.deleted).toContainEqual({
      called: "profile",
      count: 1,
      names: ["Ada"],
    });
    expect((await users.delete(ada.id)).status).toBe(303);
    expect([await Profile.count(), filesUnder().length]).toEqual([0, 2]);
    await sweep([files], { olderThan: 0 });
    expect(filesUnder()).toEqual([]);
  });
});
