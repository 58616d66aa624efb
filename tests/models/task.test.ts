import { beforeEach, describe, expect, it, vi } from "vitest";
import { Activity, type Actor } from "#models/activity.server";
import { sequelize } from "#models/database.server";
import { type Show, Task, taskDueOn, taskTitle, today } from "#models/task.server";
import { TRASH_DAYS } from "#models/trash.server";
import { User } from "#models/user.server";
import { whileDeleted } from "../helpers/deadlock";
import { ordersOf, statementsOf } from "../helpers/statements";

const DAY = 24 * 60 * 60 * 1000;
const everything = { offset: 0, limit: 1_000 };
const dayFrom = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const silently = async () => {};
const titles = async (show: Show = "open", userId: number | null = null) =>
  (await Task.list(show, userId, everything)).map(({ title }) => title);
const add = (title: string, values: { assignee?: string; dueOn?: string | null } = {}) =>
  Task.add({ title, dueOn: null, ...values }, null);
const refusal = (schema: typeof taskTitle | typeof taskDueOn, value: unknown) =>
  schema.safeParse(value).error?.issues[0]?.message;

describe("what is written of a task", () => {
  it.each([
    ["", "Enter what is to be done"],
    [" \u200b", "Enter what is to be done"],
    [undefined, "Enter what is to be done"],
    ["x".repeat(201), "Title must be 200 characters or fewer; it has 201"],
    ["a\u0000b", "Title must not contain the character NUL"],
    ["a\nb", "Title must be one line without control characters"],
  ])("refuses the title %j", (title, message) => expect(refusal(taskTitle, title)).toBe(message));
  it.each(["2026-02-30", "2026-13-01", "yesterday", "20260101", "2026-01-01T00:00", "0000-01-01", "a\u0000"])(
    "refuses the day %j",
    (day) => expect(refusal(taskDueOn, day)).toBe("Due date must be a date like 2026-01-31"),
  );
  it("takes 200 characters, an emoji counting as one, and no day or one that there is", async () => {
    await add("🔑".repeat(200), { dueOn: "2028-02-29" });
    expect(await Task.list("open", null, everything)).toMatchObject([
      { title: "🔑".repeat(200), dueOn: "2028-02-29" },
    ]);
    expect(taskDueOn.parse(" ")).toBeNull();
  });
  it("is checked by the verbs, whoever calls them", async () => {
    await expect(add("x".repeat(201))).rejects.toThrow("200 characters");
    await expect(add("x", { dueOn: "2026-02-30" })).rejects.toThrow("a date like");
    const id = await add("x");
    await expect(Task.edit(id, { title: "", dueOn: null }, null)).rejects.toThrow("what is to be done");
    expect(await titles()).toEqual(["x"]);
  });
});

// SQLite has one writer at a time.
const onPostgres = sequelize.getDialect() === "postgres" ? describe : () => {};

onPostgres("who changes a task while a person is being deleted", () => {
  const changes: Record<string, (id: number, by: User) => Promise<unknown>> = {
    "gives it to them": (id) => Task.edit(id, { title: "b", assignee: "grace", dueOn: null }, null),
    "edits it as that person": (id, by) => Task.edit(id, { title: "b", dueOn: null }, by),
    "completes it as that person": (id, by) => Task.complete(id, by, silently),
    "deletes it as that person": (id, by) => Task.moveToTrash(id, by),
  };
  for (const [what, change] of Object.entries(changes))
    it(`and ${what} is not told of a deadlock`, async () => {
      const grace = await User.add({ username: "grace" });
      const id = await add("a", { assignee: "grace" });
      const task = (await Task.findByPk(id))!;
      expect(await whileDeleted(grace, task, () => change(id, grace))).toBeTruthy();
      expect(await Activity.count({ where: { model: "task", objectId: String(id) } })).toBe(2);
    });
});

describe("an assignee", () => {
  beforeEach(async () => {
    await User.add({ username: "Grace", displayName: "Grace Hopper" });
    await User.add({ username: "gone", isActive: false });
  });
  it("is named by username, whatever its case, and shown by the name that others call them", async () => {
    const id = await add("a", { assignee: "gRACE" });
    expect(await Task.find(id)).toMatchObject({ assignee: "Grace Hopper", username: "Grace" });
  });
  it.each(["nobody", "gone", "Grace Hopper", "a\u0000b", "x".repeat(1_000)])(
    "cannot be %j",
    async (assignee) => {
      await expect(add("a", { assignee })).rejects.toThrow("There is nobody of this username");
      expect(await Task.count()).toBe(0);
    },
  );
  it("who is inactive by now keeps what they have", async () => {
    const id = await add("a", { assignee: "grace" });
    await User.update({ isActive: false }, { where: { username: "Grace" } });
    expect(await Task.edit(id, { title: "b", assignee: "grace", dueOn: null }, null)).toBe(true);
    expect(await Task.find(id)).toMatchObject({ title: "b", username: "Grace" });
  });
  it("stays where an edit does not name one, and goes where it names nobody", async () => {
    const id = await add("a", { assignee: "grace" });
    await Task.edit(id, { title: "b", dueOn: null }, null);
    expect((await Task.find(id))?.username).toBe("Grace");
    await Task.edit(id, { title: "b", assignee: "", dueOn: null }, null);
    expect((await Task.find(id))?.username).toBeNull();
  });
  it("who is deleted leaves the task to nobody", async () => {
    const id = await add("a", { assignee: "grace" });
    await User.destroy({ where: { username: "Grace" } });
    expect(await Task.find(id)).toMatchObject({ title: "a", assignee: null });
  });
  it("is chosen among those who are active, unless they are more than a hundred", async () => {
    expect(await Task.people()).toEqual([{ username: "Grace", name: "Grace Hopper" }]);
    await User.bulkCreate(Array.from({ length: 99 }, (_, n) => ({ username: `p${n}` })));
    expect(await Task.people()).toHaveLength(100);
    await User.add({ username: "one-more" });
    expect(await Task.people()).toBeNull();
  });
});

describe("completing", () => {
  it("a hundred times at once is done once, and announced once", async () => {
    const id = await add("a");
    const announced = vi.fn(async () => {});
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => Task.complete(id, null, announced)));
    expect(outcomes.filter((outcome) => outcome?.changed)).toHaveLength(1);
    expect(outcomes.every((outcome) => outcome?.title === "a")).toBe(true);
    expect(announced).toHaveBeenCalledTimes(1);
    expect(await Activity.count({ where: { deed: "change" } })).toBe(1);
  });
  it("a second time changes nothing, not even when it was completed", async () => {
    const id = await add("a");
    await Task.complete(id, null, silently);
    const before = await Task.find(id);
    const announced = vi.fn(async () => {});
    expect(await Task.complete(id, null, announced)).toEqual({ title: "a", changed: false });
    expect(announced).not.toHaveBeenCalled();
    expect(await Task.find(id)).toEqual(before);
  });
  it("updates only whether and when it was, and only where it was open", async () => {
    const id = await add("a");
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    await Task.complete(id, null, silently);
    options.logging = false;
    const updates = statements.filter((sql) => /UPDATE .* SET/.test(sql));
    expect(updates).toHaveLength(1);
    expect(updates[0]!.replaceAll(/[`"]/g, "")).toMatch(
      /SET completed=\$1,completed_at=\$2 WHERE .*completed = \$\d/,
    );
  });
  it("is undone where what is to go with it fails", async () => {
    const id = await add("a");
    const failing = async () => {
      throw new Error("no queue");
    };
    await expect(Task.complete(id, null, failing)).rejects.toThrow("no queue");
    expect(await Task.find(id)).toMatchObject({ completed: false, completedAt: null });
    expect(await Activity.count({ where: { deed: "change" } })).toBe(0);
  });
  it("again after reopening is announced again, as another completion", async () => {
    const id = await add("a");
    const times: Date[] = [];
    const announce = async ({ completedAt }: { completedAt: Date }) => void times.push(completedAt);
    await Task.complete(id, null, announce);
    expect(await Task.reopen(id, null)).toEqual({ title: "a", changed: true });
    expect(await Task.find(id)).toMatchObject({ completed: false, completedAt: null });
    expect(await Task.reopen(id, null)).toEqual({ title: "a", changed: false });
    await Task.complete(id, null, announce);
    expect(new Set(times.map(Number)).size).toBe(2);
    expect((await Task.find(id))?.completedAt).toEqual(times[1]);
  });
  it("of what is not there, or in the trash, says so", async () => {
    const id = await add("a");
    await Task.moveToTrash(id, null);
    for (const missing of [id, 4711]) {
      expect(await Task.complete(missing, null, silently)).toBeNull();
      expect(await Task.reopen(missing, null)).toBeNull();
    }
  });
});

describe("the order", () => {
  it("of open ones is overdue, due, then the newest of those without a date", async () => {
    await add("old, no date");
    await add("due in a week", { dueOn: dayFrom(7) });
    await add("overdue a week", { dueOn: dayFrom(-7) });
    await add("due today", { dueOn: today() });
    await add("due today, newer", { dueOn: today() });
    await add("new, no date");
    expect(await titles()).toEqual([
      ...["overdue a week", "due today, newer", "due today", "due in a week"],
      ...["new, no date", "old, no date"],
    ]);
  });
  it("of done ones is the last completed first", async () => {
    const [a, b] = [await add("a"), await add("b")];
    await Task.complete(b, null, silently);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Task.complete(a, null, silently);
    expect(await titles("done")).toEqual(["a", "b"]);
  });
  it.each(["open", "mine", "overdue", "done"] as const)(
    "of %s is total: the pages together are the whole list, also with equal times",
    async (show) => {
      const { id } = await User.add({ username: "ada" });
      const same = { createdAt: new Date(), dueOn: dayFrom(-1), assigneeId: id };
      const done = show === "done" ? { completed: true, completedAt: new Date() } : {};
      await Task.bulkCreate(Array.from({ length: 120 }, (_, n) => ({ title: `n${n}`, ...same, ...done })));
      const pages = await Promise.all(
        [0, 50, 100].map((offset) => Task.list(show, id, { offset, limit: 50 })),
      );
      expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
      expect(new Set(pages.flat().map((task) => task.id)).size).toBe(120);
    },
  );
});

describe("filters", () => {
  it("show what is open, one's own, overdue and done, and counts agree", async () => {
    const ada = await User.add({ username: "ada" });
    await add("plain");
    await add("mine", { assignee: "ada" });
    await add("late", { dueOn: dayFrom(-1) });
    await add("today", { dueOn: today() });
    const done = await add("late, mine and done", { dueOn: dayFrom(-3), assignee: "ada" });
    await Task.complete(done, null, silently);
    await Task.moveToTrash(await add("deleted", { assignee: "ada" }), null);
    expect(await titles("mine", ada.id)).toEqual(["mine"]);
    expect(await titles("mine", null)).toEqual([]);
    expect(await titles("overdue")).toEqual(["late"]);
    expect(await titles("done")).toEqual(["late, mine and done"]);
    expect(await titles("open")).toHaveLength(4);
    expect(await Task.counts()).toEqual({ open: 4, overdue: 1, done: 1 });
    expect(await Task.countMine(ada.id)).toBe(1);
  });
  it("say overdue of what is open and due before today, UTC, and of nothing else", async () => {
    const overdue = async (dueOn: string) => (await Task.find(await add("x", { dueOn })))?.overdue;
    expect([await overdue(dayFrom(-1)), await overdue(today()), await overdue(dayFrom(1))]).toEqual([
      true,
      false,
      false,
    ]);
    const id = await add("done", { dueOn: dayFrom(-1) });
    await Task.complete(id, null, silently);
    expect((await Task.find(id))?.overdue).toBe(false);
  });
});

describe("the trash", () => {
  it("takes a task and gives it back with its state", async () => {
    const id = await add("a", { dueOn: "2026-01-31" });
    await Task.complete(id, null, silently);
    const before = await Task.find(id);
    expect(await Task.moveToTrash(id, null)).toBe("a");
    expect([await Task.find(id), await Task.moveToTrash(id, null)]).toEqual([null, null]);
    expect(await Task.trashed(everything)).toMatchObject([{ id, title: "a", done: true }]);
    expect(await Task.restoreOne(id, null)).toBe("a");
    expect(await Task.find(id)).toEqual(before);
  });
  it(`keeps for ${TRASH_DAYS} days`, async () => {
    const deletedAt = new Date(Date.now() - (TRASH_DAYS + 0.01) * DAY);
    const { id } = await Task.create({ title: "old", deletedAt });
    expect([await Task.trashedCount(), await Task.restoreOne(id, null)]).toEqual([0, null]);
    await Task.moveToTrash(await add("new"), null);
    expect(await Task.count({ paranoid: false })).toBe(1);
  });
});

describe("history", () => {
  const ada: Actor = { id: null, username: "ada" };
  it("has every verb, by whom it was done, with before and after", async () => {
    const { id: person } = await User.add({ username: "grace" });
    const id = await Task.add({ title: "one", assignee: "grace", dueOn: "2026-01-31" }, ada);
    await Task.edit(id, { title: "two", assignee: null, dueOn: "2026-02-01" }, null);
    await Task.complete(id, ada, silently);
    await Task.reopen(id, ada);
    await Task.moveToTrash(id, ada);
    await Task.restoreOne(id, null);
    const deeds = (await Activity.of("task", id)).reverse();
    expect(
      deeds.map(({ userName, deed, changes }) => [
        userName,
        deed,
        ...changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`),
      ]),
    ).toEqual([
      ["ada", "add", "title: null → one", `assignee_id: null → ${person}`, "due_on: null → 2026-01-31"],
      ["", "change", "title: one → two", `assignee_id: ${person} → null`, "due_on: 2026-01-31 → 2026-02-01"],
      ["ada", "change", "completed: null → on"],
      ["ada", "change", "completed: on → null"],
      ["ada", "delete", "title: two → null", "due_on: 2026-02-01 → null"],
      ["", "restore"],
    ]);
  });
});

describe("a list of tasks, however long,", () => {
  it.each([
    ["open", "tasks_open"],
    ["mine", "tasks_of"],
    ["overdue", "tasks_open"],
    ["done", "tasks_done"],
  ] as const)("of %s is read from an index in its order, and none is sorted", async (show, index) => {
    const [list] = await statementsOf(() => Task.list(show, 1, { offset: 5_000, limit: 50 }));
    expect(await ordersOf(list!)).toEqual([index]);
  });
});
