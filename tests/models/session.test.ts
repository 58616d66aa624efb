import { afterEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { sequelize, transaction } from "#models/database.server";
import { Session } from "#models/session.server";
import { User } from "#models/user.server";
import { failingCommit } from "../helpers/commits";
import { planOf, statementsOf } from "../helpers/statements";

const CLIENT = { ip: "192.0.2.1", userAgent: "Firefox" };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const signedIn = async (username = "ada") => {
  const user = await User.add({ username });
  return { user, token: await Session.start(user, CLIENT) };
};
/** The clock of this process, moved; timers go on as they are. */
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
/** Waits until the one session there is is noted as used just now: nobody else waits for that. */
const noted = () => expect.poll(async () => (await Session.findOne())?.seenAt).toEqual(new Date());
async function use(token: string, client = CLIENT) {
  expect(await Session.find(token, client)).not.toBeNull();
  await noted();
}

afterEach(() => vi.useRealTimers());

// Postgres decides by how many rows there are.
const onSqlite = sequelize.getDialect() === "sqlite" ? it : () => {};

describe("a session", () => {
  it("keeps only a hash of its token", async () => {
    const { token } = await signedIn();
    const [rows] = await sequelize.query("SELECT * FROM sessions");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
  it("finds its person, and notes when they signed in", async () => {
    const { user, token } = await signedIn();
    expect(await Session.find(token, CLIENT)).toMatchObject({ id: user.id, username: "ada", name: "ada" });
    expect((await user.reload()).lastLogin).toBeInstanceOf(Date);
  });
  it("costs one query", async () => {
    const { token } = await signedIn();
    const query = vi.spyOn(sequelize, "query");
    await Session.find(token, CLIENT);
    expect(query).toHaveBeenCalledTimes(1);
  });
  onSqlite("reads every table by an index", async () => {
    const [find] = await statementsOf(() => Session.find("x", CLIENT));
    const plan = await planOf(find!);
    expect(plan[0]).toContain("USING INDEX sessions_token_hash");
    // What is not a table is a part of the statement itself.
    const scanned = plan.flatMap((step) => step.match(/^SCAN (\w+)/)?.[1] ?? []);
    expect(scanned.filter((name) => !plan.includes(`CO-ROUTINE ${name}`))).toEqual([]);
  });
  it.each(["", "x", "0".repeat(10_000), "' OR 1=1 --", "\u0000"])(
    "is not found by the token %j",
    async (token) => {
      await signedIn();
      expect(await Session.find(token, CLIENT)).toBeNull();
    },
  );
  it("ends 14 days after its last use, and a use prolongs it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { token } = await signedIn();
    for (let times = 0; times < 4; times += 1) {
      later(13 * DAY);
      await use(token);
    }
    later(14 * DAY + MINUTE);
    expect(await Session.find(token, CLIENT)).toBeNull();
  });
  it("ends after 90 days, however much it is used", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { token } = await signedIn();
    for (let day = 0; day < 89; day += 10) {
      later(10 * DAY - MINUTE);
      await use(token);
    }
    later(10 * MINUTE);
    expect(await Session.find(token, CLIENT)).toBeNull();
  });
  it("notes its use at most every five minutes, and where from", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { user, token } = await signedIn();
    const seenAt = (await Session.of(user.id))[0]!.seenAt;
    later(4 * MINUTE);
    await Session.find(token, { ip: "192.0.2.2", userAgent: "Safari" });
    expect((await Session.of(user.id))[0]).toMatchObject({ seenAt, ip: "192.0.2.1" });
    later(2 * MINUTE);
    await use(token, { ip: "192.0.2.2", userAgent: "x".repeat(5_000) });
    expect((await Session.of(user.id))[0]).toMatchObject({ ip: "192.0.2.2", userAgent: "x".repeat(300) });
  });
  it("is found while its use cannot be noted; that is noted once, when it can be", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { token } = await signedIn();
    later(6 * MINUTE);
    const update = vi.spyOn(Session, "update");
    await sequelize.transaction(async (transaction) => {
      // On SQLite nobody else can write anything, on Postgres not this row.
      await sequelize.query("UPDATE sessions SET ip = ''", { transaction });
      for (let times = 0; times < 3; times += 1) expect(await Session.find(token, CLIENT)).not.toBeNull();
    });
    await noted();
    expect(update).toHaveBeenCalledTimes(1);
  });
  it("is found where its use cannot be noted at all: that is a warning, and the next use tries again", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { token } = await signedIn();
    later(6 * MINUTE);
    vi.spyOn(Session, "update").mockRejectedValueOnce(new Error("no room on the disk"));
    expect(await Session.find(token, CLIENT)).not.toBeNull();
    await expect.poll(() => warning.mock.calls).toEqual([[expect.stringContaining("no room on the disk")]]);
    await use(token);
  });
});

describe("ending", () => {
  it("one is for its person only", async () => {
    const { user, token } = await signedIn();
    const other = await signedIn("grace");
    const id = (await Session.of(user.id))[0]!.id;
    expect(await Session.endOne(other.user.id, id)).toBe(false);
    expect(await Session.find(token, CLIENT)).not.toBeNull();
    expect(await Session.endOne(user.id, id)).toBe(true);
    expect(await Session.find(token, CLIENT)).toBeNull();
  });
  it("all others keeps one, and leaves other people alone", async () => {
    const { user, token } = await signedIn();
    const other = await signedIn("grace");
    await Session.start(user, CLIENT);
    await Session.start(user, CLIENT);
    const { sessionId } = (await Session.find(token, CLIENT))!;
    expect(await Session.endAll(user.id, sessionId)).toBe(2);
    expect(await Session.find(token, CLIENT)).not.toBeNull();
    expect(await Session.find(other.token, CLIENT)).not.toBeNull();
  });
  it("is told to who holds a connection open for one", async () => {
    const { user, token } = await signedIn();
    const { sessionId } = (await Session.find(token, CLIENT))!;
    const told: number[][] = [];
    const stop = Session.onEnd((ids) => told.push(ids));
    await Session.endAll(user.id);
    await Session.endAll(user.id);
    stop();
    expect(told).toEqual([[sessionId]]);
  });
  it("by another password is told once that is stored, and not where it is not", async () => {
    const { user, token } = await signedIn();
    const { sessionId } = (await Session.find(token, CLIENT))!;
    const told: number[][] = [];
    const stop = Session.onEnd((ids) => told.push(ids));
    const undone = transaction(async (transaction) => {
      await Session.endAll(user.id, 0, transaction);
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    failingCommit("no room on the disk");
    await expect(Session.changePassword(user, "battery staple 7", null)).rejects.toThrow("no room");
    expect([told, await Session.count()]).toEqual([[], 1]);
    await user.reload();
    await Session.changePassword(user, "battery staple 7", null);
    stop();
    expect([told, await Session.count()]).toEqual([[[sessionId]], 0]);
  });
  it("beats a use at the same moment: what has ended does not come back", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { token } = await signedIn();
    later(10 * MINUTE);
    const uses = Array.from({ length: 10 }, () => Session.find(token, CLIENT));
    await Promise.all([...uses, Session.endByToken(token)]);
    expect(await Session.find(token, CLIENT)).toBeNull();
    expect(await Session.count()).toBe(0);
  });
  it("clears what has expired and nothing else", async () => {
    const { user, token } = await signedIn();
    await Session.start(user, CLIENT);
    await Session.update(
      { expiresAt: new Date(Date.now() - 1) },
      { where: { id: (await Session.of(user.id))[0]!.id } },
    );
    expect(await Session.clearExpired()).toBe(1);
    expect(await Session.find(token, CLIENT)).not.toBeNull();
  });
});

describe("a new password", () => {
  it("is refused where there is another since the person was read: the first and its session stay", async () => {
    const { id } = await User.add({ username: "ada", password: "correct horse 9" });
    const first = await User.findByPk(id, { rejectOnEmpty: true });
    const second = await User.findByPk(id, { rejectOnEmpty: true });
    const token = await Session.start(first, CLIENT);
    const { sessionId } = (await Session.find(token, CLIENT))!;
    expect(await Session.changePassword(first, "battery staple 7", first, sessionId)).toBe(0);
    expect(await Session.changePassword(second, "staple battery 8", second)).toBeNull();
    expect(await User.authenticate("ada", "staple battery 8")).toBeNull();
    expect((await User.authenticate("ada", "battery staple 7"))?.id).toBe(id);
    expect(await Session.find(token, CLIENT)).not.toBeNull();
    expect(await Activity.of("user", id)).toHaveLength(1);
  });
});

describe("which of several sessions are good", () => {
  it("is told with what their people are called now; those that ended, expired or are of the inactive are left out", async () => {
    const ada = await signedIn();
    const bob = await signedIn("bob");
    const eve = await signedIn("eve");
    await Session.start(ada.user, CLIENT);
    const all = await Session.findAll({ order: ["id"] });
    const ids = all.map(({ id }) => id);
    const names = async () => [...(await Session.namesOf([...ids, 999_999]))].sort(([a], [b]) => a - b);
    expect(await names()).toEqual(ids.map((id, n) => [id, ["ada", "bob", "eve", "ada"][n]]));
    await ada.user.update({ displayName: "Ada Lovelace" });
    await all[0]!.update({ expiresAt: new Date(Date.now() - 1) });
    await bob.user.update({ isActive: false });
    await Session.endByToken(eve.token);
    expect(await names()).toEqual([[ids[3], "Ada Lovelace"]]);
  });
});
