import { describe, expect, it } from "vitest";
import { Activity, type Actor } from "#models/activity.server";
import { sequelize } from "#models/database.server";
import { Todo, todoTitle, todoTitles } from "#models/todo.server";
import { TRASH_DAYS } from "#models/trash.server";
import { ordersOf, planOf, statementsOf } from "../helpers/statements";

const everything = { offset: 0, limit: 1_000 };
const titles = async (show: "all" | "active" | "completed" = "all") =>
  (await Todo.list(show, everything)).map(({ title }) => title);
const idOf = async (title: string) => (await Todo.findOne({ where: { title }, rejectOnEmpty: true })).id;
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);
const refusal = (
  schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } } },
  value: unknown,
) => schema.safeParse(value).error?.issues[0]?.message;

describe("a title", () => {
  it("is trimmed", () => expect(todoTitle.parse("  Buy milk \t")).toBe("Buy milk"));
  it.each(["", "   ", "\t", "\u200b\u2060", "\u00a0"])("that is blank (%j) is refused", (title) => {
    expect(refusal(todoTitle, title)).toBe("Enter what needs doing");
  });
  it("that is missing is refused with the same words", () => {
    expect(refusal(todoTitle, undefined)).toBe("Enter what needs doing");
  });
  it("may have 200 characters, an emoji counting as one", () => {
    expect(todoTitle.parse("🔑".repeat(200))).toHaveLength(400);
  });
  it("of 201 characters is refused with its length", () => {
    expect(refusal(todoTitle, "x".repeat(201))).toBe("Title must be 200 characters or fewer; it has 201");
  });
  it("with a NUL is refused", () => {
    expect(refusal(todoTitle, "a\u0000b")).toBe("Title must not contain the character NUL");
  });
  it.each(["a\nb", "a\u0007b", "a\u2028b"])("with a control character (%j) is refused", (title) => {
    expect(refusal(todoTitle, title)).toBe("Title must be one line without control characters");
  });
  it.each(["<b>x</b>", "\"'`&", "שלום ‏עולם", "👩‍👩‍👧", "a%00b"])("is stored as it is: %s", async (title) => {
    await Todo.add([title], null);
    expect(await titles()).toEqual([title]);
  });
});

describe("a pasted list", () => {
  it("becomes a title a line, blank lines passed over", () => {
    expect(todoTitles.parse("one\r\n\n  two  \n\rthree\n")).toEqual(["one", "two", "three"]);
  });
  it("with one bad line is refused with its number", () => {
    expect(refusal(todoTitles, `one\n\n${"x".repeat(201)}`)).toBe(
      "Line 3: Title must be 200 characters or fewer; it has 201",
    );
  });
  it("of one bad line is refused without a number", () => {
    expect(refusal(todoTitles, `${"x".repeat(201)}\n`)).toBe(
      "Title must be 200 characters or fewer; it has 201",
    );
  });
  it("of more than 500 lines is refused", () => {
    expect(todoTitles.parse("x\n".repeat(500))).toHaveLength(500);
    expect(refusal(todoTitles, "x\n".repeat(501))).toBe("Add at most 500 to-dos at once; these are 501");
  });
  it("of nothing visible is refused", () =>
    expect(refusal(todoTitles, " \n \n")).toBe("Enter what needs doing"));
});

describe("adding", () => {
  it("puts the newest on top", async () => {
    await Todo.add(["first"], null);
    await Todo.add(["second"], null);
    expect(await titles()).toEqual(["second", "first"]);
  });
  it("keeps the order of several, the first of them on top", async () => {
    await Todo.add(["old"], null);
    await Todo.add(["one", "two", "three"], null);
    expect(await titles()).toEqual(["one", "two", "three", "old"]);
  });
  it("of several adds none when one is refused", async () => {
    await expect(Todo.add(["one", "x".repeat(201)], null)).rejects.toThrow("200 characters");
    expect(await titles()).toEqual([]);
  });
  it("of several adds none when the database refuses one", async () => {
    await Todo.add(["here"], null);
    const [row] = await Todo.findAll();
    await expect(Todo.bulkCreate([{ title: "new" }, { id: row!.id, title: "same id" }])).rejects.toThrow();
    expect(await titles()).toEqual(["here"]);
  });
  it("begins as not done, with the time of its creation", async () => {
    const before = Date.now();
    await Todo.add(["now"], null);
    const [todo] = await Todo.list("all", everything);
    expect(todo).toMatchObject({ title: "now", done: false });
    expect(todo!.createdAt.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(todo!.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe("created_at", () => {
  it("is set once: neither a save nor an assignment moves it", async () => {
    await Todo.add(["one"], null);
    const todo = await Todo.findOne({ rejectOnEmpty: true });
    const { createdAt } = todo;
    todo.createdAt = new Date(0);
    todo.title = "two";
    await todo.save();
    await Todo.toggle(todo.id, null);
    expect((await todo.reload()).createdAt).toEqual(createdAt);
    expect(todo.title).toBe("two");
  });
});

describe("toggling", () => {
  it("marks as done and back", async () => {
    await Todo.add(["x"], null);
    const id = await idOf("x");
    expect(await Todo.toggle(id, null)).toBe(true);
    expect((await Todo.find(id))?.done).toBe(true);
    await Todo.toggle(id, null);
    expect((await Todo.find(id))?.done).toBe(false);
  });
  it("updates only the column done", async () => {
    await Todo.add(["x"], null);
    const statements: string[] = [];
    const id = await idOf("x");
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    await Todo.toggle(id, null);
    options.logging = false;
    const update = statements.find((sql) => /UPDATE .* SET/.test(sql))?.replaceAll(/[`"]/g, "");
    expect(update).toMatch(/SET done=NOT done WHERE/);
  });
  it("a hundred times at once leaves it where it began", async () => {
    await Todo.add(["x"], null);
    const id = await idOf("x");
    expect(await Promise.all(Array.from({ length: 100 }, () => Todo.toggle(id, null)))).not.toContain(false);
    expect((await Todo.find(id))?.done).toBe(false);
    await Todo.toggle(id, null);
    expect((await Todo.find(id))?.done).toBe(true);
  });
  it("says when there is nothing to toggle", async () => expect(await Todo.toggle(4711, null)).toBe(false));
  it("all completes all, and says how many changed", async () => {
    await Todo.add(["a", "b", "c"], null);
    await Todo.toggle(await idOf("b"), null);
    expect(await Todo.toggleAll(true, null)).toBe(2);
    expect(await Todo.counts()).toEqual({ active: 0, completed: 3 });
    expect(await Todo.toggleAll(false, null)).toBe(3);
    expect(await Todo.counts()).toEqual({ active: 3, completed: 0 });
  });
});

describe("filters", () => {
  it("show active, completed and all", async () => {
    await Todo.add(["a", "b", "c"], null);
    await Todo.toggle(await idOf("b"), null);
    expect(await titles("active")).toEqual(["a", "c"]);
    expect(await titles("completed")).toEqual(["b"]);
    expect(await titles("all")).toEqual(["a", "b", "c"]);
  });
  it("have a total order: the pages together are the whole list, also with equal times", async () => {
    const createdAt = new Date();
    await Todo.bulkCreate(Array.from({ length: 120 }, (_, n) => ({ title: `n${n}`, createdAt })));
    const pages = await Promise.all([0, 50, 100].map((offset) => Todo.list("all", { offset, limit: 50 })));
    expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(120);
  });
});

describe("a list, however long,", () => {
  it.each(["all", "active", "completed"] as const)(
    "of %s is read from an index in its order, and none is sorted",
    async (show) => {
      const [list] = await statementsOf(() => Todo.list(show, { offset: 5_000, limit: 50 }));
      expect(await ordersOf(list!)).toEqual([expect.stringMatching(/^todos_list/)]);
    },
  );
  it("of the trash is so too", async () => {
    const [list] = await statementsOf(() => Todo.trashed({ offset: 5_000, limit: 50 }));
    expect(await ordersOf(list!)).toEqual(["todos_trash"]);
  });
});

// Postgres decides by how many rows there are.
const onSqlite = sequelize.getDialect() === "sqlite" ? describe : () => {};

onSqlite("how long a list is", () => {
  it("is read in an index", async () => {
    const [counts] = await statementsOf(() => Todo.counts());
    expect(await planOf(counts!)).toEqual([expect.stringContaining("USING COVERING INDEX")]);
  });
});

describe("renaming", () => {
  it("changes the title and nothing else", async () => {
    await Todo.add(["old"], null);
    const id = await idOf("old");
    await Todo.toggle(id, null);
    const before = await Todo.find(id);
    expect(await Todo.rename(id, " new ", null)).toBe(true);
    expect(await Todo.find(id)).toEqual({ ...before, title: "new" });
  });
  it("refuses a bad title and keeps the old one", async () => {
    await Todo.add(["old"], null);
    await expect(Todo.rename(await idOf("old"), " ", null)).rejects.toThrow("Enter what needs doing");
    expect(await titles()).toEqual(["old"]);
  });
});

describe("the trash", () => {
  it("takes a to-do out of the list and gives it back with its state and its place", async () => {
    await Todo.add(["a", "b", "c"], null);
    const id = await idOf("b");
    await Todo.toggle(id, null);
    expect(await Todo.moveToTrash(id, null)).toBe("b");
    expect(await titles()).toEqual(["a", "c"]);
    expect(await Todo.counts()).toEqual({ active: 2, completed: 0 });
    expect(await Todo.restoreOne(id, null)).toBe("b");
    expect(await titles()).toEqual(["a", "b", "c"]);
    expect((await Todo.find(id))?.done).toBe(true);
  });
  it("does not take the same one twice", async () => {
    await Todo.add(["a"], null);
    const id = await idOf("a");
    expect(await Promise.all([Todo.moveToTrash(id, null), Todo.moveToTrash(id, null)])).toContain(null);
    expect(await Todo.moveToTrash(id, null)).toBeNull();
  });
  it("hides what is in it from find, rename and toggle", async () => {
    await Todo.add(["a"], null);
    const id = await idOf("a");
    await Todo.moveToTrash(id, null);
    expect([await Todo.find(id), await Todo.rename(id, "b", null), await Todo.toggle(id, null)]).toEqual([
      null,
      false,
      false,
    ]);
  });
  it("does not restore what is not in it", async () => {
    await Todo.add(["a"], null);
    expect(await Todo.restoreOne(await idOf("a"), null)).toBeNull();
    expect(await Todo.restoreOne(4711, null)).toBeNull();
  });
  it("lists the last deleted first", async () => {
    await Todo.add(["a", "b"], null);
    await Todo.moveToTrash(await idOf("a"), null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Todo.moveToTrash(await idOf("b"), null);
    expect((await Todo.trashed(everything)).map(({ title }) => title)).toEqual(["b", "a"]);
    expect(await Todo.trashedCount()).toBe(2);
  });
  it(`keeps for ${TRASH_DAYS} days: after that it is neither listed nor restored`, async () => {
    await Todo.bulkCreate([
      { title: "young", deletedAt: daysAgo(TRASH_DAYS - 0.01) },
      { title: "old", deletedAt: daysAgo(TRASH_DAYS + 0.01) },
    ]);
    expect((await Todo.trashed(everything)).map(({ title }) => title)).toEqual(["young"]);
    const old = await Todo.findOne({ where: { title: "old" }, paranoid: false, rejectOnEmpty: true });
    expect(await Todo.restoreOne(old.id, null)).toBeNull();
  });
  it("drops what is past its days when something new comes in", async () => {
    await Todo.bulkCreate([{ title: "old", deletedAt: daysAgo(TRASH_DAYS + 1) }, { title: "new" }]);
    await Todo.moveToTrash(await idOf("new"), null);
    expect(await Todo.count({ paranoid: false })).toBe(1);
  });
  it("gives a cleared batch back as a whole and nothing else", async () => {
    await Todo.add(["a", "b", "c", "d"], null);
    await Todo.moveToTrash(await idOf("d"), null);
    for (const title of ["a", "c"]) await Todo.toggle(await idOf(title), null);
    const { count, at } = await Todo.trashCompleted(null);
    expect(count).toBe(2);
    expect(await titles()).toEqual(["b"]);
    expect(await Todo.restoreCompleted(at, null)).toBe(2);
    expect(await titles()).toEqual(["a", "b", "c"]);
    expect(await Todo.restoreCompleted(at, null)).toBe(0);
  });
  it("erases one, and empties whole, without touching the list", async () => {
    await Todo.add(["a", "b", "c", "d"], null);
    for (const title of ["a", "b", "c"]) await Todo.moveToTrash(await idOf(title), null);
    const [first] = await Todo.trashed(everything);
    expect(await Todo.eraseOne(first!.id, null)).toBe(first!.title);
    expect(await Todo.eraseOne(first!.id, null)).toBeNull();
    expect(await Todo.eraseOne(await idOf("d"), null)).toBeNull();
    expect(await Todo.emptyTrash(null)).toBe(2);
    expect(await titles()).toEqual(["d"]);
    expect(await Todo.count({ paranoid: false })).toBe(1);
  });
});

describe("history", () => {
  const ada: Actor = { id: null, username: "ada" };
  const bob: Actor = { id: null, username: "bob" };
  /** What was done to a to-do, oldest first: who, what, and each field before and after. */
  const historyOf = async (id: number) =>
    (await Activity.of("todo", id))
      .reverse()
      .map(({ userName, deed, changes }) => [
        userName,
        deed,
        ...changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`),
      ]);

  it("has every verb, by whom it was done, with before and after", async () => {
    await Todo.add(["one"], ada);
    const id = await idOf("one");
    await Todo.rename(id, "two", bob);
    await Todo.toggle(id, null);
    await Todo.moveToTrash(id, ada);
    await Todo.restoreOne(id, bob);
    await Todo.toggleAll(false, ada);
    await Todo.moveToTrash(id, ada);
    await Todo.eraseOne(id, bob);
    expect(await historyOf(id)).toEqual([
      ["ada", "add", "title: null → one"],
      ["bob", "change", "title: one → two"],
      ["", "change", "done: null → on"],
      ["ada", "delete", "title: two → null", "done: on → null"],
      ["bob", "restore"],
      ["ada", "change", "done: on → null"],
      ["ada", "delete", "title: two → null"],
      ["bob", "erase", "title: two → null"],
    ]);
  });
  it("of verbs on many is that of each, and of no other", async () => {
    await Todo.add(["a", "b", "c"], null);
    const [a, b, c] = await Promise.all(["a", "b", "c"].map(idOf));
    await Todo.toggle(b!, null);
    await Todo.toggleAll(true, ada);
    await Todo.toggle(c!, null);
    const { at } = await Todo.trashCompleted(ada);
    await Todo.restoreCompleted(at, bob);
    await Todo.trashCompleted(bob);
    await Todo.emptyTrash(ada);
    const marked = ["ada", "change", "done: null → on"];
    const gone = (who: string, deed: string, title: string) => [
      who,
      deed,
      `title: ${title} → null`,
      "done: on → null",
    ];
    const cleared = (title: string) => [
      gone("ada", "delete", title),
      ["bob", "restore"],
      gone("bob", "delete", title),
      gone("ada", "erase", title),
    ];
    expect((await historyOf(a!)).slice(1)).toEqual([marked, ...cleared("a")]);
    expect((await historyOf(b!)).slice(1)).toEqual([["", "change", "done: null → on"], ...cleared("b")]);
    expect((await historyOf(c!)).slice(1)).toEqual([marked, ["", "change", "done: on → null"]]);
  });
  it("of what is past its days in the trash says that the trash erased it", async () => {
    await Todo.bulkCreate([{ title: "old", deletedAt: daysAgo(TRASH_DAYS + 1) }, { title: "new" }]);
    const old = await Todo.findOne({ where: { title: "old" }, paranoid: false, rejectOnEmpty: true });
    await Todo.moveToTrash(await idOf("new"), ada);
    expect(await historyOf(old.id)).toEqual([["The trash", "erase", "title: old → null"]]);
  });
  it("has no deed where nothing was done", async () => {
    await Todo.add(["a"], null);
    const id = await idOf("a");
    const before = await Activity.count();
    await Todo.rename(id, " a ", ada);
    await Todo.toggle(4711, ada);
    await Todo.toggleAll(false, ada);
    await Todo.moveToTrash(4711, ada);
    await Todo.restoreOne(id, ada);
    await Todo.restoreCompleted(new Date(), ada);
    await Todo.eraseOne(id, ada);
    await Todo.emptyTrash(ada);
    await expect(Todo.rename(id, " ", ada)).rejects.toThrow("Enter what needs doing");
    expect(await Activity.count()).toBe(before);
  });
  it("of a hundred toggles at once has each, from what it was to what it became", async () => {
    await Todo.add(["x"], null);
    const id = await idOf("x");
    await Promise.all(Array.from({ length: 100 }, () => Todo.toggle(id, ada)));
    const toggles = (await historyOf(id)).slice(1).map(([, , change]) => change);
    expect(toggles).toEqual(
      Array.from({ length: 100 }, (_, n) => (n % 2 ? "done: on → null" : "done: null → on")),
    );
  });
  it("and to-dos agree after fifty writers at once, of one and of many", async () => {
    await Todo.add(
      Array.from({ length: 10 }, (_, n) => `item ${n}`),
      null,
    );
    const ids = (await Todo.findAll({ order: ["id"] })).map(({ id }) => id);
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 10 === 0 ? Todo.toggleAll(n % 20 === 0, ada) : Todo.toggle(ids[n % ids.length]!, bob),
      ),
    );
    for (const { id, done } of await Todo.findAll()) {
      const noted = (await historyOf(id)).filter(([, deed]) => deed === "change").at(-1);
      expect(noted?.[2] ?? "done: on → null").toBe(done ? "done: null → on" : "done: on → null");
    }
  });
});
