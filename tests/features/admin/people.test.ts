import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { Group } from "#models/group.server";
import { Session } from "#models/session.server";
import { type NewUser, User } from "#models/user.server";
import * as password from "~/features/accounts/admin-password";
import * as sessions from "~/features/accounts/admin-sessions";
import type { FormView } from "~/features/admin/form.server";
import { rememberContext } from "~/services/context.server";
import { getUser } from "~/services/session.server";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn, signInAgain } from "../../helpers/people";
import { adminOf, opened } from "./admin";

const PASSWORD = "correct horse 9";
const NEW = "battery staple 7";
let boss: User;
let cookie: string;
let users: ReturnType<typeof adminOf>;
let address = 0;

beforeEach(async () => {
  const made = await signedIn({ username: "boss", isStaff: true, isSuperuser: true, password: PASSWORD });
  boss = made.user;
  cookie = made.cookie;
  users = adminOf(cookie, "accounts", "user");
});
afterEach(() => vi.restoreAllMocks());

const staff = async (values: Partial<NewUser>, ...permissions: string[]) => {
  const made = await signedIn({ username: "staff", isStaff: true, ...values });
  await made.user.setPermissions(permissions);
  return {
    ...made,
    users: adminOf(made.cookie, "accounts", "user"),
    groups: adminOf(made.cookie, "accounts", "group"),
  };
};
const lists = (form: Record<string, string>) => ({
  ...form,
  groups: (form.groups ?? "").split("\n").filter(Boolean),
  permissions: (form.permissions ?? "").split("\n").filter(Boolean),
});
const edit = async (admin: typeof users, id: number, changes: Record<string, string | string[]>) =>
  admin.change(id, { ...lists(await opened(admin, id)), ...changes });
const isSignedIn = async (cookie: string) => Boolean(await getUser(get("/", { Cookie: cookie })));
const longAgo = () => Session.update({ confirmedAt: new Date(Date.now() - 16 * 60_000) }, { where: {} });

describe("a new person", () => {
  const fields = { username: "second", is_active: "on", password1: NEW, password2: NEW };
  it("has a password, no groups, and can sign in", async () => {
    expect((await users.add(fields)).status).toBe(303);
    expect(await User.authenticate("second", NEW)).toMatchObject({ isStaff: false, isSuperuser: false });
  });
  it.each([
    ["without a password", { password1: "", password2: "" }, "password1"],
    ["with two that differ", { password2: "other one 7" }, "password2"],
    ["with a common password", { password1: "password1", password2: "password1" }, "password1"],
    ["with a password like the name", { password1: "second12", password2: "second12" }, "password1"],
    ["with a name that is taken, whatever its case", { username: "BOSS" }, "username"],
    ["with a name with spaces", { username: "a b" }, "username"],
    ["with a bad email", { email: "x" }, "email"],
  ])("%s is refused at the field, and no password goes back", async (_, wrong, field) => {
    const { status, data } = await users.add({ ...fields, ...wrong });
    expect([status, data.problem.errors[0].name]).toEqual([422, field]);
    expect(JSON.stringify(data)).not.toContain(NEW);
    expect(await User.count()).toBe(1);
  });
  it("begins without groups, permissions and flags, also where a form sends them", async () => {
    await Group.named("admin");
    const { view }: { view: FormView } = (await users.addForm()).data;
    const asked = view.sections.flatMap(({ fields }) => fields.map(({ name }) => name));
    expect([asked, view.many, view.extra.map(({ name }) => name)]).toEqual([
      ["username", "email", "display_name"],
      [],
      ["password1", "password2"],
    ]);
    const more = { is_staff: "on", is_superuser: "on", groups: ["admin"], permissions: ["view_user"] };
    expect((await users.add({ ...fields, ...more })).status).toBe(303);
    const second = (await User.named("second"))!;
    expect(second).toMatchObject({ isActive: true, isStaff: false });
    expect(await second.rights()).toEqual({ isSuperuser: false, groups: [], permissions: [] });
  });
  it("with a taken name is told so in words", async () => {
    const { data } = await users.add({ ...fields, username: "boss" });
    expect(data.problem.errors[0].message).toBe("User with this username already exists.");
  });
});

describe("groups and permissions", () => {
  it("are given and taken, and noted by name", async () => {
    await Group.named("admin");
    const { user } = await signedIn({ username: "ada" });
    expect((await edit(users, user.id, { groups: ["admin"], permissions: ["view_session"] })).status).toBe(
      303,
    );
    const [deed] = await Activity.of("user", user.id);
    expect(deed!.changes).toEqual([
      { field: "groups", before: null, after: "admin" },
      { field: "permissions", before: null, after: "view_session" },
    ]);
    const ada = (await getUser(get("/", { Cookie: await signInAgain(user) })))!;
    expect([ada.isIn("admin"), ada.can("view", "session")]).toEqual([true, true]);
  });
  it("that go with a group are in the history of everybody who was in it", async () => {
    const { user: ada } = await signedIn({ username: "ada" });
    const { user: grace } = await signedIn({ username: "grace" });
    await ada.setGroups(["editors", "admin"]);
    await grace.setGroups(["editors"]);
    const groups = adminOf(cookie, "accounts", "group");
    const { id } = await Group.named("editors");
    await groups.bulk({ action: "delete", ids: String(id), confirm: "1" });
    const deeds = [await Activity.of("user", ada.id), await Activity.of("user", grace.id)].flat();
    expect(deeds.map(({ deed, userName, label, changes }) => [deed, userName, label, changes])).toEqual([
      ["change", "boss", "ada", [{ field: "groups", before: "admin\neditors", after: "admin" }]],
      ["change", "boss", "grace", [{ field: "groups", before: "editors", after: null }]],
    ]);
    expect((await ada.rights()).groups).toEqual(["admin"]);
  });
  it("that do not exist are not given", async () => {
    const { user } = await signedIn({ username: "ada" });
    await edit(users, user.id, { groups: ["nothing"], permissions: ["fly_session", "view_session"] });
    const ada = (await getUser(get("/", { Cookie: await signInAgain(user) })))!;
    expect([ada.groups, ada.permissions]).toEqual([[], ["view_session"]]);
  });
  it("of a person that two change at once are a conflict too", async () => {
    const { user } = await signedIn({ username: "ada" });
    const mine = lists(await opened(users, user.id));
    await edit(users, user.id, { permissions: ["view_session"] });
    const { status, data } = await users.change(user.id, { ...mine, permissions: ["add_session"] });
    expect(status).toBe(409);
    expect(data.conflict.conflicts[0]).toMatchObject({
      name: "permissions",
      yours: "add_session",
      theirs: "view_session",
    });
  });
});

describe("secrets", () => {
  it("never enter history, forms, lists or CSV", async () => {
    const { user } = await signedIn({ username: "ada", password: PASSWORD });
    await edit(users, user.id, { email: "ada@example.com" });
    await call(password.action, sent("password", user.id, { password1: NEW, password2: NEW }), {
      id: String(user.id),
    });
    const texts = [
      JSON.stringify(await Activity.findAll()),
      JSON.stringify((await users.form(user.id)).data),
      JSON.stringify((await users.list()).data),
      await users.csv(),
      JSON.stringify((await users.history(user.id)).data),
    ];
    const { password: hash } = await user.reload();
    await signInAgain(user);
    const hashes = (await Session.findAll()).map(({ tokenHash }) => tokenHash);
    await users.delete(user.id);
    texts.push(JSON.stringify(await Activity.findAll()));
    expect(hashes.length).toBeGreaterThan(1);
    for (const text of texts) {
      expect(text).not.toMatch(/argon2|password_hash|usernameKey|token_hash/);
      for (const secret of [hash, ...hashes]) expect(text).not.toContain(secret);
    }
  });
});

const sent = (screen: "password" | "sessions", id: number, fields: Record<string, string>, by = cookie) => {
  const request = post(`/admin/accounts/user/${id}/${screen}`, fields, { Cookie: by });
  rememberContext(request, { ip: `198.51.100.${address % 250}` });
  return request;
};

describe("another person's password", () => {
  it("is not set over one that they chose meanwhile, and staff are told so", async () => {
    const { user, cookie: theirs } = await signedIn({ username: "ada", password: PASSWORD });
    const { sessionId } = (await getUser(get("/", { Cookie: theirs })))!;
    vi.spyOn(User.prototype, "passwordProblem").mockImplementationOnce(async () => {
      await Session.changePassword(user, "staple battery 8", user, sessionId);
      return null;
    });
    const request = sent("password", user.id, { password1: NEW, password2: NEW });
    const { status, data } = await call(password.action, request, { id: String(user.id) });
    const message =
      "The password was changed meanwhile. Enter a new one again if there is still to be another";
    expect([status, data.problem.errors]).toEqual([422, [{ name: "password1", message }]]);
    expect(await User.authenticate("ada", "staple battery 8")).not.toBeNull();
    expect(await isSignedIn(theirs)).toBe(true);
  });
});

describe("the last superuser", () => {
  it.each([
    ["demoted", { is_superuser: "" }],
    ["deactivated", { is_active: "" }],
  ])("cannot be %s, and can where there is another", async (_, change) => {
    const refused = await edit(users, boss.id, change);
    expect(refused.status).toBe(422);
    expect(refused.data.problem.errors[0].message).toContain("last superuser");
    await User.add({ username: "other", isSuperuser: true, isStaff: true });
    expect((await edit(users, boss.id, change)).status).toBe(303);
  });
  it("cannot be deleted, one by one or in bulk", async () => {
    expect((await users.delete(boss.id)).status).toBe(422);
    await users.bulk({ action: "delete", ids: String(boss.id), confirm: "1" });
    expect(await User.count()).toBe(1);
  });
  it("is counted among the active only", async () => {
    await User.add({ username: "gone", isSuperuser: true, isActive: false });
    expect((await users.delete(boss.id)).status).toBe(422);
  });
});

describe("staff who are no superusers", () => {
  const all = [
    "view_user",
    "add_user",
    "change_user",
    "delete_user",
    "view_group",
    "add_group",
    "change_group",
  ];
  it("cannot make a superuser of anyone, themselves included", async () => {
    const eve = await staff({}, ...all);
    const { user } = await signedIn({ username: "ada" });
    for (const id of [user.id, eve.user.id]) {
      expect((await edit(eve.users, id, { is_superuser: "on" })).status).toBe(422);
    }
    // The form that adds does not ask: what it does not ask for is not taken.
    await eve.users.add({ username: "x", password1: NEW, password2: NEW, is_superuser: "on" });
    expect(await User.count({ where: { isSuperuser: true } })).toBe(1);
  });
  it("cannot change, delete, deactivate, sign out or give a password to a superuser", async () => {
    const eve = await staff({}, ...all);
    expect((await edit(eve.users, boss.id, { email: "eve@example.com" })).status).toBe(422);
    expect((await edit(eve.users, boss.id, { is_active: "" })).status).toBe(422);
    expect((await eve.users.delete(boss.id)).status).toBe(422);
    const params = { id: String(boss.id) };
    const fields = { password1: NEW, password2: NEW };
    expect((await call(password.action, sent("password", boss.id, fields, eve.cookie), params)).status).toBe(
      403,
    );
    expect(
      (await call(sessions.action, sent("sessions", boss.id, { session: "all" }, eve.cookie), params)).status,
    ).toBe(403);
    expect(await isSignedIn(cookie)).toBe(true);
  });
  it.each([
    ["by a group", true],
    ["by a permission of their own", false],
  ])(
    "cannot change, delete or give a password to anybody who may do more than they %s",
    async (_, byGroup) => {
      const eve = await staff({}, ...all);
      const { user } = await signedIn({ username: "ada" });
      if (byGroup) await (await Group.named("strong")).setPermissions(["delete_session"]);
      if (byGroup) await user.setGroups(["strong"]);
      else await user.setPermissions(["delete_session"]);
      expect((await edit(eve.users, user.id, { email: "eve@example.com" })).status).toBe(422);
      expect((await eve.users.delete(user.id)).status).toBe(422);
      const fields = { password1: NEW, password2: NEW };
      const answer = await call(password.action, sent("password", user.id, fields, eve.cookie), {
        id: String(user.id),
      });
      expect(answer.status).toBe(403);
    },
  );
  it("cannot give what they may not do, directly, by a group, or by a group's permissions", async () => {
    const eve = await staff({}, ...all);
    const { user } = await signedIn({ username: "ada" });
    const strong = await Group.named("strong");
    await strong.setPermissions(["delete_session"]);
    expect((await edit(eve.users, user.id, { permissions: ["delete_session"] })).status).toBe(422);
    expect((await edit(eve.users, eve.user.id, { groups: ["strong"] })).status).toBe(422);
    expect((await edit(eve.groups, strong.id, { permissions: [] })).status).toBe(422);
    const weak = await Group.named("weak");
    expect((await edit(eve.groups, weak.id, { permissions: ["delete_session"] })).status).toBe(422);
    expect((await edit(eve.users, user.id, { permissions: ["view_user"] })).status).toBe(303);
  });
});

describe("roles by name", () => {
  const all = ["view_user", "change_user", "view_group", "add_group", "change_group", "delete_group"];
  it("are not for staff to take or give who are not in them, also where the group has no permission", async () => {
    await Group.named("admin");
    const eve = await staff({}, ...all);
    const { user } = await signedIn({ username: "ada" });
    expect((await edit(eve.users, eve.user.id, { groups: ["admin"] })).status).toBe(422);
    expect((await edit(eve.users, user.id, { groups: ["admin"] })).status).toBe(422);
    await user.setGroups(["admin"]);
    const fields = { password1: NEW, password2: NEW };
    const answer = await call(password.action, sent("password", user.id, fields, eve.cookie), {
      id: String(user.id),
    });
    expect(answer.status).toBe(403);
  });
  it("are not renamed or deleted by them", async () => {
    const group = await Group.named("admin");
    const eve = await staff({}, ...all);
    await eve.user.setGroups(["mine"]);
    const mine = await Group.named("mine");
    expect((await edit(eve.groups, group.id, { name: "old admin" })).status).toBe(422);
    expect((await edit(eve.groups, mine.id, { name: "better" })).status).toBe(422);
    expect((await eve.groups.delete(group.id)).status).toBe(422);
    expect(await Group.count()).toBe(2);
  });
});

describe("superusers who act on each other", () => {
  it("at the same moment leave one, and neither is told of a fault", async () => {
    const other = await signedIn({ username: "other", isStaff: true, isSuperuser: true });
    const theirs = adminOf(other.cookie, "accounts", "user");
    for (let round = 0; round < 5; round += 1) {
      await User.update({ isSuperuser: true }, { where: {} });
      // Who is no superuser any more would not get the form.
      const mine = { ...lists(await opened(users, other.user.id)), is_superuser: "" };
      const others = { ...lists(await opened(theirs, boss.id)), is_superuser: "" };
      const answers = await Promise.all([users.change(other.user.id, mine), theirs.change(boss.id, others)]);
      for (const { status } of answers) expect([303, 404, 422]).toContain(status);
      expect(await User.count({ where: { isSuperuser: true } })).toBeGreaterThan(0);
    }
    // Postgres looks for a deadlock after a second only.
  });
  it("may delete themselves where there is another, and that stays on record", async () => {
    await User.add({ username: "other", isSuperuser: true });
    expect((await users.delete(boss.id)).status).toBe(303);
    const [deed] = await Activity.of("user", boss.id);
    expect(deed).toMatchObject({ deed: "delete", userName: "boss", userId: null });
  });
  it("restore the last of them, too", async () => {
    await edit(users, boss.id, { username: "chief" });
    await edit(users, boss.id, { username: "captain" });
    const [, chief] = await Activity.of("user", boss.id);
    expect((await users.restore(boss.id, chief!.id)).status).toBe(303);
    expect((await boss.reload()).username).toBe("chief");
  });
});

describe("a delicate change", () => {
  it("within 15 minutes of the login asks for nothing", async () => {
    const { user } = await signedIn({ username: "ada" });
    await Session.update({ confirmedAt: new Date(Date.now() - 14 * 60_000) }, { where: {} });
    expect((await edit(users, user.id, { permissions: ["view_session"] })).status).toBe(303);
  });
  it("later asks for one's own password, keeps what was typed, and is done once it is given", async () => {
    const { user } = await signedIn({ username: "ada" });
    await longAgo();
    const change = {
      ...lists(await opened(users, user.id)),
      permissions: ["view_session"],
      email: "a@example.com",
    };
    const asked = await users.change(user.id, change);
    expect([asked.status, asked.data.problem.errors[0].name]).toEqual([422, "_own_password"]);
    expect(asked.data.problem.values).toMatchObject({ permissions: "view_session", email: "a@example.com" });
    expect((await users.change(user.id, { ...change, _own_password: "wrong" })).status).toBe(422);
    const done = await users.change(user.id, { ...change, _own_password: PASSWORD });
    expect(done.status).toBe(303);
    expect((await edit(users, user.id, { permissions: [] })).status).toBe(303);
  });
  it.each([
    ["the flag for staff", { is_staff: "on" }],
    ["the flag for superusers", { is_superuser: "on" }],
    ["the groups", { groups: ["editors"] }],
    ["the permissions", { permissions: ["view_session"] }],
  ])("is each of these alone: %s", async (_, change) => {
    await Group.named("editors");
    const { user } = await signedIn({ username: "ada" });
    await longAgo();
    const asked = await edit(users, user.id, change as Record<string, string | string[]>);
    expect([asked.status, asked.data.problem.errors[0].name]).toEqual([422, "_own_password"]);
    expect(await user.rights()).toEqual({ isSuperuser: false, groups: [], permissions: [] });
    expect((await user.reload()).isStaff).toBe(false);
  });
  it("is undone by restoring too, which asks for one's own password as well", async () => {
    await Group.named("editors");
    const { user } = await signedIn({ username: "ada" });
    await edit(users, user.id, { is_staff: "on", groups: ["editors"], permissions: ["view_session"] });
    await edit(users, user.id, { is_staff: "", groups: [], permissions: [], email: "b@example.com" });
    const [, staffed] = await Activity.of("user", user.id);
    await longAgo();
    const asked = await users.restore(user.id, staffed!.id);
    expect([asked.status, asked.data.problem.errors[0].name]).toEqual([422, "_own_password"]);
    expect(asked.data.problem.values).toEqual({ version: String(staffed!.id) });
    expect((await users.restore(user.id, staffed!.id, { _own_password: "wrong" })).status).toBe(422);
    expect(await user.reload()).toMatchObject({ email: "b@example.com", isStaff: false });
    expect((await users.restore(user.id, staffed!.id, { _own_password: PASSWORD })).status).toBe(303);
    expect(await user.reload()).toMatchObject({ email: "", isStaff: true });
    expect(await user.rights()).toMatchObject({ groups: ["editors"], permissions: ["view_session"] });
  });
  it("is an email, for links that set a password go there, and not what somebody is called", async () => {
    const { user } = await signedIn({ username: "ada" });
    await longAgo();
    expect((await edit(users, user.id, { display_name: "Ada" })).status).toBe(303);
    expect((await edit(users, user.id, { email: "a@example.com" })).status).toBe(422);
    const own = { email: "a@example.com", _own_password: PASSWORD };
    expect((await edit(users, user.id, own)).status).toBe(303);
  });
  it("is not the email of a person who is only just added", async () => {
    await longAgo();
    const email = "second@example.com";
    const fields = { username: "second", email, is_active: "on", password1: NEW, password2: NEW };
    expect((await users.add(fields)).status).toBe(303);
  });
  it("is a group's permissions, and another person's password", async () => {
    const group = await Group.named("editors");
    const groups = adminOf(cookie, "accounts", "group");
    await longAgo();
    expect((await edit(groups, group.id, { permissions: ["view_session"] })).status).toBe(422);
    const { user } = await signedIn({ username: "ada" });
    await longAgo();
    address += 1;
    const change = (own: string) =>
      call(
        password.action,
        sent("password", user.id, { password1: NEW, password2: NEW, own_password: own }),
        { id: String(user.id) },
      );
    expect([(await change("")).status, (await change("wrong")).status]).toEqual([422, 422]);
    expect((await change(PASSWORD)).status).toBe(303);
  });
});

describe("restoring groups and permissions", () => {
  it("brings back those of a group", async () => {
    const group = await Group.named("editors");
    const groups = adminOf(cookie, "accounts", "group");
    await edit(groups, group.id, { permissions: ["view_session", "view_user"] });
    await edit(groups, group.id, { permissions: ["view_user"], name: "Editors" });
    const [, first] = await Activity.of("group", group.id);
    expect((await groups.restore(group.id, first!.id)).status).toBe(303);
    expect((await group.reload()).name).toBe("editors");
    expect((await group.permissions()).toSorted()).toEqual(["view_session", "view_user"]);
  });
  it("takes a group with a comma in its name for one", async () => {
    const { user } = await signedIn({ username: "ada" });
    await Group.named("Cooks, bakers");
    await edit(users, user.id, { groups: ["Cooks, bakers"] });
    await edit(users, user.id, { groups: [] });
    const [, first] = await Activity.of("user", user.id);
    await users.restore(user.id, first!.id);
    expect((await user.rights()).groups).toEqual(["Cooks, bakers"]);
  });
  it("says what is not there any more, and brings back the rest", async () => {
    const { user } = await signedIn({ username: "ada" });
    await Group.named("editors");
    const gone = await Group.named("gone");
    await edit(users, user.id, { groups: ["editors", "gone"] });
    await edit(users, user.id, { groups: [] });
    await gone.destroy();
    const [, first] = await Activity.of("user", user.id);
    expect((await flashOf(await users.restore(user.id, first!.id)))?.text).toBe(
      "Restored that version. Left out, for it is not there any more: gone.",
    );
    expect((await user.rights()).groups).toEqual(["editors"]);
  });
  it("is refused to staff who may not do that themselves", async () => {
    const { user } = await signedIn({ username: "ada" });
    await edit(users, user.id, { permissions: ["delete_session"] });
    await edit(users, user.id, { permissions: [] });
    const [, first] = await Activity.of("user", user.id);
    const eve = await staff({}, "view_user", "change_user");
    expect((await eve.users.restore(user.id, first!.id)).status).toBe(422);
    expect((await user.rights()).permissions).toEqual([]);
  });
});

describe("another person", () => {
  it("who gets a new password, or is deactivated, is signed out everywhere", async () => {
    const ada = await signedIn({ username: "ada", password: PASSWORD });
    const params = { id: String(ada.user.id) };
    await call(password.action, sent("password", ada.user.id, { password1: NEW, password2: NEW }), params);
    expect([await isSignedIn(ada.cookie), Boolean(await User.authenticate("ada", NEW))]).toEqual([
      false,
      true,
    ]);
    const again = await signInAgain(await ada.user.reload());
    expect(await isSignedIn(again)).toBe(true);
    await edit(users, ada.user.id, { is_active: "" });
    expect([await isSignedIn(again), await Session.count({ where: { userId: ada.user.id } })]).toEqual([
      false,
      0,
    ]);
  });
  it("has a way to their password and sessions for who may change them, and for nobody else", async () => {
    const { user } = await signedIn({ username: "ada" });
    const offered = async (...permissions: string[]) => {
      const eve = await staff({ username: permissions.join() }, ...permissions);
      const pages = { password, sessions };
      const opened = Object.entries(pages).map(([name, { loader }]) =>
        call(loader, get(`/admin/accounts/user/${user.id}/${name}`, { Cookie: eve.cookie }), {
          id: String(user.id),
        }),
      );
      const { links } = (await eve.users.form(user.id)).data;
      return [links.length, ...(await Promise.all(opened)).map(({ status }) => status)];
    };
    expect(await offered("view_user")).toEqual([0, 404, 404]);
    expect(await offered("delete_user")).toEqual([0, 404, 404]);
    expect(await offered("change_user")).toEqual([2, 200, 200]);
  });
  it("has sessions that can be seen and ended, one or all", async () => {
    const ada = await signedIn({ username: "ada" });
    await signInAgain(ada.user);
    const params = { id: String(ada.user.id) };
    const list = async () =>
      (
        await call(
          sessions.loader,
          get(`/admin/accounts/user/${ada.user.id}/sessions`, { Cookie: cookie }),
          params,
        )
      ).data.sessions;
    const end = (session: string) =>
      call(sessions.action, sent("sessions", ada.user.id, { session }), params);
    const [newest] = await list();
    expect((await end(String(newest.id))).status).toBe(303);
    expect(await list()).toHaveLength(1);
    expect((await end("abc")).status).toBe(404);
    await end("all");
    expect(await list()).toEqual([]);
    expect(await isSignedIn(cookie)).toBe(true);
  });
});
