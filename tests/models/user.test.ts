import { hash } from "@node-rs/argon2";
import { type Transaction, UniqueConstraintError } from "sequelize";
import { describe, expect, it, vi } from "vitest";
import { transaction } from "#models/database.server";
import { Group } from "#models/group.server";
import { allPermissions } from "#models/permission.server";
import { Session } from "#models/session.server";
import { User, UsernameTaken } from "#models/user.server";

const CLIENT = { ip: "192.0.2.1", userAgent: "test" };
const PASSWORD = "correct horse 9";
const current = async (user: User) => Session.find(await Session.start(user, CLIENT), CLIENT);

describe("a user name", () => {
  it.each(["ADA", "Ada", "ａｄａ"])("is taken whatever its case: %s", async (other) => {
    await User.add({ username: "ada" });
    await expect(User.add({ username: other })).rejects.toThrow(UsernameTaken);
    expect((await User.named(other))?.username).toBe("ada");
  });
  it("that ten people choose at once goes to one", async () => {
    const adds = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => User.add({ username: n % 2 ? "ada" : "ADA" })),
    );
    expect(adds.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const add of adds) if (add.status === "rejected") expect(add.reason).toBeInstanceOf(UsernameTaken);
  });
  it.each([["", "a b", "a/b", "<b>", "a\u0000", "x".repeat(151)]])("%j is refused", async (username) => {
    await expect(User.add({ username })).rejects.toThrow(/Enter|Username/);
  });
  it.each(["zoë", "名前", "a.b+c@d_e-f"])("may be %s", async (username) => {
    expect((await User.add({ username })).username).toBe(username);
  });
});

describe("authenticate", () => {
  /** Somebody whose hash is of other parameters than today's. */
  async function outdated() {
    const user = await User.add({ username: "ada" });
    return user.update({
      password: await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 }),
    });
  }
  it("finds the person by name and password, whatever the name's case", async () => {
    const { id } = await User.add({ username: "ada", password: PASSWORD });
    expect((await User.authenticate("Ada", PASSWORD))?.id).toBe(id);
  });
  it("finds nobody for a wrong password, an unknown name, an inactive person, one without a password", async () => {
    await User.add({ username: "ada", password: PASSWORD });
    await User.add({ username: "old", password: PASSWORD, isActive: false });
    await User.add({ username: "seed" });
    const tries = [
      ["ada", "wrong horse 9"],
      ["nobody", PASSWORD],
      ["old", PASSWORD],
      ["seed", ""],
    ] as const;
    expect(await Promise.all(tries.map(([name, password]) => User.authenticate(name, password)))).toEqual(
      tries.map(() => null),
    );
  });
  it("renews a hash whose parameters are outdated, and only then", async () => {
    await outdated();
    const renewed = (await User.authenticate("ada", PASSWORD))?.password;
    expect(renewed).toContain("m=19456,t=2,p=1");
    expect((await User.authenticate("ada", PASSWORD))?.password).toBe(renewed);
  });
  it("renews it once where several come at once, and all of them can sign in", async () => {
    await outdated();
    const users = await Promise.all([1, 2, 3].map(() => User.authenticate("ada", PASSWORD)));
    for (const user of users) await Session.start(user!, CLIENT);
    expect(await Session.count()).toBe(3);
  });
  it.each([
    ["has got another password", (user: User) => Session.changePassword(user, "battery staple 7", null)],
    ["was deleted", (user: User) => user.destroy()],
  ])("finds nobody who %s while the hash was renewed", async (_, change) => {
    const user = await outdated();
    const update = User.update.bind(User);
    vi.spyOn(User, "update").mockImplementationOnce(async (...given) => {
      await change(user);
      return update(...given);
    });
    expect(await User.authenticate("ada", PASSWORD)).toBeNull();
  });
});

describe("the first superuser", () => {
  it("is made once, also when two ask at the same time", async () => {
    const make = (username: string) => User.addFirstSuperuser({ username, password: PASSWORD });
    const made = await Promise.all([make("ada"), make("grace"), make("hedy")]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await make("linus")).toBeNull();
    expect(await User.count()).toBe(1);
    expect(await User.hasSuperuser()).toBe(true);
  });
});

describe("a group", () => {
  it("has a name that no other has, also where several ask for it at once", async () => {
    const groups = await Promise.all(Array.from({ length: 5 }, () => Group.named(" editors ")));
    expect(new Set(groups.map(({ id }) => id)).size).toBe(1);
    await expect(Group.create({ name: "editors" })).rejects.toThrow(UniqueConstraintError);
    expect(await Group.count()).toBe(1);
  });
  it("comes in the order of the alphabet, whichever was made and joined first", async () => {
    const user = await User.add({ username: "ada" });
    const names = ["beekeepers", "apiarists", "drones", "cooks"];
    for (const name of names) await Group.named(name);
    await user.setGroups(names.toReversed());
    expect((await user.rights()).groups).toEqual(names.toSorted());
    expect((await current(user))!.groups).toEqual(names.toSorted());
  });
});

describe("permissions", () => {
  it("are four a model, read from the models; joins have none", () => {
    const all = allPermissions();
    expect(all).toEqual(expect.arrayContaining(["view_group", "add_group", "change_group", "delete_group"]));
    expect(all).toEqual(expect.arrayContaining(["change_user", "view_session", "delete_session"]));
    expect(all.filter((name) => name.includes("user_group"))).toEqual([]);
  });
  it("come from the person and from their groups", async () => {
    const user = await User.add({ username: "ada" });
    const editors = await Group.named("editors");
    await editors.setPermissions(["change_group", "view_group", "change_group"]);
    expect(await editors.permissions()).toEqual(["change_group", "view_group"]);
    await user.setPermissions(["add_group"]);
    await user.setGroups(["editors", "admin"]);
    const ada = (await current(user))!;
    expect(ada.groups).toEqual(["admin", "editors"]);
    expect([ada.can("change", "group"), ada.can("add", "group"), ada.can("delete", "group")]).toEqual([
      true,
      true,
      false,
    ]);
    expect([ada.isIn("admin"), ada.isIn("adm")]).toEqual([true, false]);
    await user.setGroups([]);
    await user.setPermissions([]);
    expect((await current(user))!.can("change", "group")).toBe(false);
  });
  it("and groups are given in the caller's transaction, and not where that comes to nothing", async () => {
    const user = await User.add({ username: "ada" });
    const editors = await Group.named("editors");
    const give = async (transaction: Transaction) => {
      await user.setGroups(["editors"], transaction);
      await user.setPermissions(["add_group"], transaction);
      await editors.setPermissions(["view_group"], transaction);
    };
    const undone = transaction(async (transaction) => {
      await give(transaction);
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    expect(await user.rights()).toEqual({ isSuperuser: false, groups: [], permissions: [] });
    await transaction(give);
    expect(await user.rights()).toMatchObject({
      groups: ["editors"],
      permissions: ["add_group", "view_group"],
    });
  });
  it("that no model has are refused", async () => {
    const user = await User.add({ username: "ada" });
    await expect(user.setPermissions(["change_group", "fly_group"])).rejects.toThrow("fly_group");
    await expect((await Group.named("x")).setPermissions(["view_nothing"])).rejects.toThrow("view_nothing");
  });
  it("superusers have all; who is inactive is not even found", async () => {
    const boss = await User.add({ username: "boss", isSuperuser: true });
    const ada = await current(boss);
    expect(ada?.can("delete", "group")).toBe(true);
    const token = await Session.start(boss, CLIENT);
    await boss.update({ isActive: false });
    expect(await Session.find(token, CLIENT)).toBeNull();
  });
});

describe("deleting", () => {
  it("a person takes along their sessions, groups and permissions, and leaves the groups", async () => {
    const user = await User.add({ username: "ada" });
    await user.setGroups(["editors"]);
    await user.setPermissions(["add_group"]);
    await Session.start(user, CLIENT);
    await user.destroy();
    expect([await Session.count(), await Group.count()]).toEqual([0, 1]);
  });
});
