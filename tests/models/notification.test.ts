import { describe, expect, it } from "vitest";
import { sequelize, transaction } from "#models/database.server";
import { MOST_UNSEEN, Notification } from "#models/notification.server";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";

const CLIENT = { ip: "127.0.0.1", userAgent: "test" };
const DAY = 24 * 60 * 60 * 1000;
const all = { offset: 0, limit: 1_000 };
const tell = (key: string, values: { userId?: number; path?: string } = {}) =>
  transaction((transaction) =>
    Notification.add({ key, text: `About ${key}`, path: "/somewhere", ...values }, transaction),
  );
async function person(username = "ada") {
  const user = await User.add({ username });
  return { user, token: await Session.start(user, CLIENT) };
}
const unseen = async (token: string) => (await Session.find(token, CLIENT))?.unseen;
const newest = () => Notification.max<number, Notification>("id");

describe("a notification", () => {
  it("is told once a key, however often and by however many at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => tell("same")));
    await tell("same");
    await tell("other");
    expect(await Notification.count()).toBe(2);
  });
  it("is rolled back with the transaction that tells it", async () => {
    const failing = transaction(async (transaction) => {
      await Notification.add({ key: "a", text: "a", path: "/" }, transaction);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await Notification.count()).toBe(0);
  });
  it("for everybody is listed to everybody, one for a person to that person alone, the newest first", async () => {
    const [ada, grace] = [await person("ada"), await person("grace")];
    await tell("for all");
    await tell("for ada", { userId: ada.user.id });
    const texts = async (id: number) => (await Notification.list(id, all)).map(({ text }) => text);
    expect(await texts(ada.user.id)).toEqual(["About for ada", "About for all"]);
    expect(await texts(grace.user.id)).toEqual(["About for all"]);
    expect([await Notification.countFor(ada.user.id), await Notification.countFor(grace.user.id)]).toEqual([
      2, 1,
    ]);
  });
  it("for a person goes with them, and is none of what a page tells everybody", async () => {
    const { user } = await person();
    await tell("a", { userId: user.id, path: "/here" });
    await tell("b", { path: "/here" });
    await tell("c", { path: "/there" });
    expect((await Notification.leadingTo("/here", 10)).map(({ text }) => text)).toEqual(["About b"]);
    await user.destroy();
    expect(await Notification.count()).toBe(2);
  });
  it("is kept for as many days as asked", async () => {
    await tell("old");
    await Notification.update({ createdAt: new Date(Date.now() - 91 * DAY) }, { where: {} });
    await tell("new");
    expect(await Notification.sweep(90)).toBe(1);
    expect((await Notification.findAll()).map(({ key }) => key)).toEqual(["new"]);
  });
});

describe("what is new to a person", () => {
  it("is counted with their session, in one query", async () => {
    const { user, token } = await person();
    await tell("a");
    await tell("b", { userId: user.id });
    const { user: other } = await person("grace");
    await tell("c", { userId: other.id });
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    const count = await unseen(token);
    options.logging = false;
    expect([count, statements.length]).toEqual([2, 1]);
  });
  it("is remembered for each person by themselves", async () => {
    const [ada, grace] = [await person("ada"), await person("grace")];
    await tell("a");
    await Notification.markSeen(ada.user.id, await newest());
    expect([await unseen(ada.token), await unseen(grace.token)]).toEqual([0, 1]);
    const isNew = async (id: number) => (await Notification.list(id, all)).map((row) => row.isNew);
    expect([await isNew(ada.user.id), await isNew(grace.user.id)]).toEqual([[false], [true]]);
  });
  it("is only what came after they did", async () => {
    await tell("before");
    const { user, token } = await person();
    expect([await unseen(token), await Notification.countFor(user.id)]).toEqual([0, 1]);
    await tell("after");
    expect(await unseen(token)).toBe(1);
  });
  it("stays new where it came after what they marked, and marking never goes back", async () => {
    const { user, token } = await person();
    await tell("a");
    const shown = await newest();
    await tell("b");
    await Notification.markSeen(user.id, shown);
    expect(await unseen(token)).toBe(1);
    await Notification.markSeen(user.id, await newest());
    await Notification.markSeen(user.id, shown);
    expect(await unseen(token)).toBe(0);
  });
  it("cannot be marked as seen before it is there", async () => {
    const { user, token } = await person();
    await tell("a");
    for (const id of [2_147_483_647, 9_999_999_999]) await Notification.markSeen(user.id, id);
    await tell("b");
    expect(await unseen(token)).toBe(1);
  });
  it(`is counted up to ${MOST_UNSEEN}, so that a count costs the same however much it is`, async () => {
    const { user, token } = await person();
    const row = (n: number) => ({ key: `${n}`, text: "x", path: "/", userId: n % 2 ? user.id : null });
    await Notification.bulkCreate(Array.from({ length: 2 * MOST_UNSEEN + 50 }, (_, n) => row(n)));
    expect(await unseen(token)).toBe(MOST_UNSEEN);
  });
});
