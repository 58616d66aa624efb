import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { sequelize, settled } from "#models/database.server";
import { fieldsOf } from "~/features/admin/fields.server";
import { entries } from "~/features/admin/registry.server";
import { unansweredCommit } from "../../helpers/commits";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";
import { Book, Bottle, Crate, Language, Loan, Plate, Shelf } from "./library";

const staffWith = async (...permissions: string[]) => {
  const { user, cookie } = await signedIn({ username: "staff", isStaff: true });
  await user.setPermissions(permissions);
  return cookie;
};
let cookie: string;
let books: ReturnType<typeof adminOf>;
let shelf: Shelf;

beforeEach(async () => {
  cookie = (await signedIn({ username: "boss", isStaff: true, isSuperuser: true })).cookie;
  books = adminOf(cookie, "library", "book");
  shelf = await Shelf.create({ name: "Novels" });
});
const book = (title: string, values: Partial<Book> = {}) =>
  Book.create({ title, shelfId: shelf.id, ...values });

describe("deleting", () => {
  /** A book in two volumes, the second in two parts, each with loans. */
  async function grow() {
    const whole = await book("Whole");
    const first = await book("I", { wholeId: whole.id });
    const second = await book("II", { wholeId: whole.id });
    const part = await book("II a", { wholeId: second.id });
    const other = await book("Other");
    await Loan.create({ bookId: part.id });
    await Loan.create({ bookId: part.id, insteadOfId: first.id });
    await Loan.create({ bookId: other.id, insteadOfId: part.id });
    return { whole, other };
  }
  it("says before what is then deleted, down a tree, and what only loses what it referred to", async () => {
    const { whole } = await grow();
    const { found } = (await books.preview(whole.id)).data;
    expect(found).toEqual({
      toTrash: false,
      deleted: [
        { called: "books", count: 3, names: ["I", "II", "II a"] },
        { called: "loans", count: 2, names: expect.any(Array) },
      ],
      unlinked: [{ called: "loan", count: 1, names: expect.any(Array) }],
      protecting: [],
      forbidden: [],
    });
    expect((await books.delete(whole.id)).status).toBe(303);
    expect([await Book.count(), await Loan.count()]).toEqual([1, 1]);
    expect((await Loan.findOne())!.insteadOfId).toBeNull();
  });
  it("notes each row that went along, and each that lost what it referred to, with who did it", async () => {
    const { whole, other } = await grow();
    await books.delete(whole.id);
    const deeds = await Activity.findAll({ order: ["id"] });
    expect(deeds.map(({ deed, model, label, userName }) => [deed, model, label, userName])).toEqual(
      expect.arrayContaining([
        ["delete", "book", "Whole", "boss"],
        ["delete", "book", "I", "boss"],
        ["delete", "book", "II", "boss"],
        ["delete", "book", "II a", "boss"],
        ["delete", "loan", expect.any(String), "boss"],
        ["change", "loan", expect.any(String), "boss"],
      ]),
    );
    expect(deeds.filter(({ model }) => model === "loan")).toHaveLength(3);
    const [lost] = deeds.filter(({ deed }) => deed === "change");
    expect(lost!.changes).toEqual([{ field: "instead_of_id", before: expect.any(String), after: null }]);
    expect(deeds.filter(({ objectId }) => objectId === String(other.id) && lost!.model === "book")).toEqual(
      [],
    );
  });
  it("of rows that lead to each other in a circle comes to an end, and names the others", async () => {
    const one = await book("one");
    const two = await book("two", { wholeId: one.id });
    await one.update({ wholeId: two.id });
    expect((await books.preview(one.id)).data.found.deleted).toEqual([
      { called: "book", count: 1, names: ["two"] },
    ]);
    await books.delete(one.id);
    expect(await Book.count()).toBe(0);
  });
  it("is refused where something goes along that the person may not delete, and says what", async () => {
    await grow();
    const staff = await staffWith("view_shelf", "delete_shelf");
    const theirs = adminOf(staff, "library", "shelf");
    expect((await theirs.preview(shelf.id)).data.found.forbidden).toEqual(["books"]);
    const refused = await theirs.delete(shelf.id);
    expect([refused.status, refused.data.problem.errors[0]]).toEqual([
      422,
      { name: "form", message: "You may not delete books, which would go along with it" },
    ]);
    const asked = await theirs.bulk({ action: "delete", id: String(shelf.id) });
    expect(asked.data.found.forbidden).toEqual(["books"]);
    const flash = await flashOf(await theirs.bulk({ action: "delete", id: String(shelf.id), confirm: "1" }));
    expect(flash?.text).toBe(
      "Deleted 0 shelves. 1 not: You may not delete books, which would go along with it.",
    );
    expect([await Shelf.count(), await Book.count()]).toEqual([1, 5]);
  });
  it("names of what goes along only what the person may see, and counts the rest", async () => {
    await grow();
    await Plate.create({ text: "Fire exit", shelfId: shelf.id });
    const theirs = adminOf(await staffWith("delete_shelf"), "library", "shelf");
    const { found } = (await theirs.preview(shelf.id)).data;
    expect(found.deleted).toContainEqual({ called: "books", count: 5, names: [] });
    expect(found.protecting).toEqual([{ called: "plate", count: 1, names: [] }]);
    const asked = await theirs.bulk({ action: "delete", id: String(shelf.id) });
    expect(asked.data.found).toMatchObject({ protecting: [{ names: [] }] });
  });
  it("is not refused where nothing of that goes along, or where they may; a model without screens asks nothing", async () => {
    const empty = await Shelf.create({ name: "Empty" });
    await grow();
    const few = adminOf(await staffWith("delete_shelf"), "library", "shelf");
    expect((await few.delete(empty.id)).status).toBe(303);
    expect((await few.delete(shelf.id)).status).toBe(422);
    const { user, cookie } = await signedIn({ username: "more", isStaff: true });
    await user.setPermissions(["delete_shelf", "delete_book"]);
    expect((await adminOf(cookie, "library", "shelf").delete(shelf.id)).status).toBe(303);
    expect([await Shelf.count(), await Book.count(), await Loan.count()]).toEqual([0, 0, 0]);
  });
  it("says what keeps a row from being deleted, and is refused then, alone or among others", async () => {
    const free = await Shelf.create({ name: "Free" });
    await Plate.bulkCreate([
      { text: "Fire exit", shelfId: shelf.id },
      { text: "No smoking", shelfId: shelf.id },
    ]);
    const shelves = adminOf(cookie, "library", "shelf");
    const protecting = [{ called: "plates", count: 2, names: ["Fire exit", "No smoking"] }];
    expect((await shelves.preview(shelf.id)).data.found).toMatchObject({ protecting, deleted: [] });
    const refused = await shelves.delete(shelf.id);
    expect([refused.status, refused.data.problem.errors[0].name]).toEqual([422, "form"]);
    const many = { action: "delete", ids: `${shelf.id},${free.id}` };
    expect((await shelves.bulk(many)).data.found).toMatchObject({ protecting });
    const flash = await flashOf(await shelves.bulk({ ...many, confirm: "1" }));
    expect(flash?.text).toContain("Deleted 1 shelf. 1 not: ");
    expect(await Shelf.findAll()).toMatchObject([{ id: shelf.id }]);
    expect(await Activity.count({ where: { deed: "delete" } })).toBe(1);
  });
  it("to a trash takes nothing along, says so, and asks for no other permission", async () => {
    const crate = await Crate.create({ name: "Wine" });
    await Bottle.create({ crateId: crate.id });
    const theirs = adminOf(await staffWith("delete_crate"), "library", "crate");
    const { found } = (await theirs.preview(crate.id)).data;
    expect(found).toEqual({ toTrash: true, deleted: [], unlinked: [], protecting: [], forbidden: [] });
    expect((await theirs.delete(crate.id)).status).toBe(303);
    expect([await Crate.count(), await Crate.count({ paranoid: false }), await Bottle.count()]).toEqual([
      0, 1, 1,
    ]);
  });
  it("names up to 100 of what goes along, and counts all", async () => {
    await Book.bulkCreate(Array.from({ length: 130 }, (_, n) => ({ title: `b${n}`, shelfId: shelf.id })));
    const { found } = (await adminOf(cookie, "library", "shelf").preview(shelf.id)).data;
    expect(found.deleted).toMatchObject([{ called: "books", count: 130, names: { length: 100 } }]);
  });
  it("many of which one takes others along counts these as gone, and notes each once", async () => {
    await grow();
    const ids = (await Book.findAll({ order: ["id"] })).map(({ id }) => id);
    const flash = await flashOf(await books.bulk({ action: "delete", ids: ids.join(","), confirm: "1" }));
    expect(flash?.text).toBe("Deleted 2 books. 3 were gone already.");
    const noted = await Activity.findAll({ where: { deed: "delete", model: "book" } });
    expect(noted.map(({ label }) => label).sort()).toEqual(["I", "II", "II a", "Other", "Whole"]);
  });
});

describe("a bulk action", () => {
  const run = async (action: string, rows: Book[]) =>
    (await flashOf(await books.bulk({ action, ids: rows.map(({ id }) => id).join(","), confirm: "1" })))!
      .text;
  it("that changes what cannot be changed by hand is noted as well, and the stamp of the change is not", async () => {
    const row = await book("a");
    await sequelize.query("UPDATE books SET updated_at = '2026-01-01 00:00:00.000 +00:00'");
    expect(await run("read", [row])).toBe("Changed 1 book.");
    expect((await Activity.of("book", row.id))[0]!.changes).toEqual([
      { field: "reads", before: "0", after: "1" },
    ]);
  });
  it("says how many were as asked already, and notes nothing of them", async () => {
    const rows = [await book("a", { pages: 10 }), await book("b"), await book("c", { pages: 10 })];
    expect(await run("short", rows)).toBe("Changed 1 book. 2 were as asked already.");
    expect(await run("short", rows.slice(0, 1))).toBe("Changed 0 books. 1 was as asked already.");
    expect(await Activity.count()).toBe(1);
  });
  it("is not done once more where nobody heard whether it was stored", async () => {
    const row = await book("a");
    unansweredCommit("no answer");
    await expect(run("read", [row])).rejects.toThrow("no answer");
    await settled(Book);
    expect((await row.reload()).reads).toBe(1);
  });
  it("sees each row as it is, also where the same row is changed again and again", async () => {
    const row = await book("a");
    await Promise.all(Array.from({ length: 10 }, () => run("read", [row])));
    expect((await row.reload()).reads).toBe(10);
  });
  it("on more than 10,000 rows is refused in the same words, selected one by one or all together", async () => {
    await Book.bulkCreate(Array.from({ length: 10_001 }, (_, n) => ({ title: `b${n}`, shelfId: shelf.id })));
    const ids = (await Book.findAll({ attributes: ["id"], raw: true })).map(({ id }) => id).join(",");
    const words = "That is more than 10,000 rows. Filter first. Nothing was changed.";
    expect((await flashOf(await books.bulk({ action: "short", ids })))?.text).toBe(words);
    expect((await flashOf(await books.bulk({ action: "short", all: "1" })))?.text).toBe(words);
  });
});

describe("a list", () => {
  it("sorted by a column that may be empty has the empty last, up and down, on both databases", async () => {
    for (const [title, pages] of [
      ["none", null],
      ["few", 10],
      ["many", 900],
      ["also none", null],
    ] as const)
      await book(title, { pages });
    const titles = async (query: string) =>
      (await books.list(query)).data.rows.map(({ cells }: { cells: string[] }) => cells[0]);
    expect(await titles("?o=pages")).toEqual(["few", "many", "none", "also none"]);
    expect(await titles("?o=-pages")).toEqual(["many", "few", "also none", "none"]);
    const lines = (await books.csv("?o=pages")).trimEnd().split("\r\n").slice(1);
    expect(lines.map((line) => line.split(",")[1])).toEqual(["few", "many", "none", "also none"]);
  });
  it("sorted by columns that cannot be empty leaves the order to an index", async () => {
    await book("a");
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    await books.list("?o=title");
    options.logging = false;
    const [list] = statements.filter((sql) => /FROM .books. .*ORDER BY/.test(sql));
    expect(list).toMatch(/ORDER BY .book.\..title. ASC, .book.\..id. ASC/);
  });
});

describe("a form", () => {
  it("takes a reference that is a text, and leaves it to the database whether there is such a row", async () => {
    await Language.create({ code: "en" });
    const fields = { title: "a", shelf_id: String(shelf.id) };
    expect((await books.add({ ...fields, language_code: "en" })).status).toBe(303);
    expect((await Book.findOne())!.languageCode).toBe("en");
    expect((await books.add({ ...fields, language_code: "xx" })).status).toBe(422);
    expect((await books.add({ ...fields, language_code: "e\u0000" })).data.problem.errors[0].name).toBe(
      "language_code",
    );
    expect(await Book.count()).toBe(1);
  });
  it("has an empty JSON as an empty field, and a conflict about JSON only where it differs", async () => {
    const row = await book("a");
    expect((await opened(books, row.id)).facts).toBe("");
    const mine = await opened(books, row.id);
    await row.update({ facts: { a: [1, 2] } });
    const { status, data } = await books.change(row.id, { ...mine, facts: '{"a":[1,2]}' });
    expect([status, data.conflict.conflicts[0]]).toMatchObject([409, { name: "facts", both: false }]);
  });
  it("is opened without a transaction: who reads keeps nobody from writing", async () => {
    const row = await book("a");
    const statements: string[] = [];
    const { options } = sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => statements.push(sql);
    await books.form(row.id);
    options.logging = false;
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((sql) => /BEGIN|START TRANSACTION/i.test(sql))).toEqual([]);
  });
  it("reads the rules of a model once", () => {
    const [entry] = entries();
    expect(fieldsOf(entry!)).toBe(fieldsOf(entry!));
  });
});

describe("a person who deletes themselves among others", () => {
  it("is deleted with them, and stays on record by name", async () => {
    const users = adminOf(cookie, "accounts", "user");
    const other = await signedIn({ username: "other", isStaff: true, isSuperuser: true });
    const { user: ada } = await signedIn({ username: "ada" });
    const boss = (await users.list("?q=boss")).data.rows[0].id;
    const ids = [boss, ada.id].join(",");
    const flash = await flashOf(await users.bulk({ action: "delete", ids, confirm: "1" }));
    expect(flash?.text).toBe("Deleted 2 users.");
    const deeds = await Activity.findAll({ where: { deed: "delete" }, order: ["id"] });
    expect(deeds.map(({ label, userName, userId }) => [label, userName, userId])).toEqual([
      ["boss", "boss", null],
      ["ada", "boss", null],
    ]);
    expect((await adminOf(other.cookie).index()).status).toBe(200);
  });
});
