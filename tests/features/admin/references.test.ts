import { beforeEach, describe, expect, it } from "vitest";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";
import { Book, Shelf } from "./library";

let cookie: string;
let books: ReturnType<typeof adminOf>;
beforeEach(async () => {
  cookie = (await signedIn({ username: "boss", isStaff: true, isSuperuser: true })).cookie;
  books = adminOf(cookie, "library", "book");
});
const shelves = (count: number) =>
  Shelf.bulkCreate(
    Array.from({ length: count }, (_, n) => ({ name: `Shelf ${n} ${n % 2 ? "left" : "right"}` })),
  );
const idOf = async (name: string) => (await Shelf.findOne({ where: { name }, rejectOnEmpty: true })).id;
interface View {
  sections: { fields: { name: string; widget: string; choices?: { value: string; label: string }[] }[] }[];
}
const fieldOf = (view: View) =>
  view.sections.flatMap(({ fields }) => fields).find(({ name }) => name === "shelf_id")!;
const picked = (data: { problem: { values: Record<string, string> } }) =>
  JSON.parse(data.problem.values._picked!).shelf_id;
const labels = (choices: { label: string }[]) => choices.map(({ label }) => label);

describe("a reference to up to 100 rows", () => {
  it("is a choice of all of them by name, and so is its filter", async () => {
    await shelves(100);
    const field = fieldOf((await books.addForm()).data.view);
    expect([field.widget, field.choices!.length, field.choices![7]!.label]).toEqual([
      "select",
      100,
      "Shelf 7 left",
    ]);
    const [filter] = (await books.list()).data.filters;
    expect([filter.name, filter.choices.length]).toEqual(["shelf_id", 100]);
    const shelfId = await idOf("Shelf 7 left");
    await Book.bulkCreate([
      { title: "here", shelfId },
      { title: "there", shelfId: await idOf("Shelf 8 right") },
    ]);
    expect((await books.list(`?shelf_id=${shelfId}`)).data.rows).toMatchObject([{ name: "here" }]);
    expect((await books.list("?shelf_id=999999")).data.ignored).toEqual(["Shelf: 999999"]);
    await Shelf.create({ name: "One too many" });
    expect(fieldOf((await books.addForm()).data.view)).toMatchObject({ widget: "lookup" });
    expect((await books.list()).data.filters).toMatchObject([{ name: "shelf_id", choices: [] }]);
  });
});

describe("a reference to more than 100 rows", () => {
  let row: Book;
  beforeEach(async () => {
    await shelves(121);
    row = await Book.create({ title: "a", shelfId: await idOf("Shelf 7 left") });
  });
  const form = async (fields: Record<string, string>) => ({ ...(await opened(books, row.id)), ...fields });

  it("is looked up: the form shows what the row refers to", async () => {
    const field = fieldOf((await books.form(row.id)).data.view);
    expect([field.widget, labels(field.choices!)]).toEqual(["lookup", ["Shelf 7 left"]]);
    expect(fieldOf((await books.addForm()).data.view)).toMatchObject({ widget: "lookup" });
  });
  it("is searched by all words, any case, or by its number; what is typed is kept, and nothing is saved", async () => {
    const sent = await form({ title: "typed", _words_shelf_id: "LEFT 11", _search: "shelf_id" });
    const { status, data } = await books.change(row.id, sent);
    expect([status, data.problem.errors, data.problem.values.title]).toEqual([200, [], "typed"]);
    expect(labels(picked(data).choices)).toEqual([
      "Shelf 7 left",
      ...["Shelf 11 left", "Shelf 111 left", "Shelf 113 left"],
      ...["Shelf 115 left", "Shelf 117 left", "Shelf 119 left"],
    ]);
    const id = String(await idOf("Shelf 100 right"));
    const byNumber = await books.change(row.id, await form({ _words_shelf_id: id, _search: "shelf_id" }));
    expect(labels(picked(byNumber.data).choices)).toContain("Shelf 100 right");
    expect((await row.reload()).title).toBe("a");
  });
  it("shows the first 50 that are found, and says that there are more", async () => {
    const { data } = await books.change(
      row.id,
      await form({ _words_shelf_id: "shelf", _search: "shelf_id" }),
    );
    expect(picked(data)).toMatchObject({ choices: { length: 51 }, matches: null, isCut: true });
  });
  it("is searched by Enter where words wait, and found by nothing without words", async () => {
    const waiting = await form({ _words_shelf_id: "left 113", _enter: "1" });
    expect(picked((await books.change(row.id, waiting)).data).matches).toBe(1);
    const none = await books.change(row.id, await form({ _words_shelf_id: " \u0000", _search: "shelf_id" }));
    expect(labels(picked(none.data).choices)).toEqual(["Shelf 7 left"]);
    expect((await books.change(row.id, await form({ _words_shelf_id: "", _enter: "1" }))).status).toBe(303);
  });
  it("keeps what was chosen by name when the form is refused, and saves it then", async () => {
    const chosen = String(await idOf("Shelf 119 left"));
    const sent = await form({ title: "", shelf_id: chosen, _words_shelf_id: "" });
    const refused = await books.change(row.id, sent);
    expect([refused.status, labels(picked(refused.data).choices)]).toEqual([422, ["Shelf 119 left"]]);
    expect((await books.change(row.id, { ...sent, title: "b" })).status).toBe(303);
    expect((await row.reload()).shelfId).toBe(Number(chosen));
  });
  it.each(["abc", "0", "99999999999", "\u0000", "4711"])(
    "that is said to be %j is refused at the field, also while others are searched for",
    async (shelf_id) => {
      const sent = await form({ shelf_id, _words_shelf_id: "left 119" });
      const refused = await books.change(row.id, sent);
      expect([refused.status, refused.data.problem.errors[0].name]).toEqual([422, "shelf_id"]);
      const searched = await books.change(row.id, { ...sent, _search: "shelf_id" });
      expect([searched.status, labels(picked(searched.data).choices)]).toEqual([200, ["Shelf 119 left"]]);
    },
  );
  it("is filtered by words of its name, or by its number, in one URL, and as CSV", async () => {
    await Book.create({ title: "other", shelfId: await idOf("Shelf 8 right") });
    const names = async (query: string) =>
      (await books.list(query)).data.rows.map(({ name }: { name: string }) => name);
    expect(await names("?shelf_id=LEFT")).toEqual(["a"]);
    expect(await names(`?shelf_id=${await idOf("Shelf 8 right")}`)).toEqual(["other"]);
    expect(await names("?shelf_id=nothing+like+it")).toEqual([]);
    expect((await names("?shelf_id=%25")).length + (await names("?shelf_id=%00")).length).toBe(2);
    expect((await books.csv("?shelf_id=left")).trimEnd().split("\r\n")).toHaveLength(2);
  });
  it("is typed as a number by who may not see what it leads to, and nothing of it is searched for them", async () => {
    const { user, cookie } = await signedIn({ username: "staff", isStaff: true });
    await user.setPermissions(["view_book", "change_book"]);
    const theirs = adminOf(cookie, "library", "book");
    expect(fieldOf((await theirs.form(row.id)).data.view).widget).toBe("number");
    const sent = { ...(await opened(theirs, row.id)), _words_shelf_id: "left", _search: "shelf_id" };
    expect(labels(picked((await theirs.change(row.id, sent)).data).choices)).toEqual(["Shelf 7 left"]);
    expect((await theirs.list("?shelf_id=left")).data.ignored).toEqual(["Shelf: left"]);
  });
});

describe("references", () => {
  let left: Shelf;
  let right: Shelf;
  let row: Book;
  beforeEach(async () => {
    left = await Shelf.create({ name: "Left" });
    right = await Shelf.create({ name: "Right" });
    row = await Book.create({ title: "a", shelfId: left.id });
  });
  it("are shown by name in list, CSV, facts, history and conflicts", async () => {
    expect((await books.list()).data.rows[0].cells[3]).toBe("Left");
    expect(await books.csv()).toMatch(/,Left\r\n$/);
    const { user, cookie } = await signedIn({ username: "staff", isStaff: true });
    await user.setPermissions(["view_book"]);
    const { facts } = (await adminOf(cookie, "library", "book").form(row.id)).data;
    expect(facts).toContainEqual({ label: "Shelf", text: "Left" });
    const mine = await opened(books, row.id);
    await books.change(row.id, { ...mine, shelf_id: String(right.id) });
    const { deeds } = (await books.history(row.id)).data;
    expect(deeds[0].changes).toEqual([{ field: "Shelf", before: "Left", after: "Right" }]);
    const { data } = await books.change(row.id, mine);
    expect(data.conflict.conflicts[0]).toMatchObject({ yours: "Left", theirs: "Right" });
    expect(data.problem.values.shelf_id).toBe(String(right.id));
  });
  it("to what is gone between the form and its save are refused at the field", async () => {
    const mine = await opened(books, row.id);
    const gone = await Shelf.create({ name: "Gone" });
    await gone.destroy();
    const wanted = { name: "shelf_id", message: "Choose another shelf: that one is gone" };
    const changed = await books.change(row.id, { ...mine, shelf_id: String(gone.id) });
    expect([changed.status, changed.data.problem.errors]).toEqual([422, [wanted]]);
    const added = await books.add({ title: "b", shelf_id: String(gone.id) });
    expect([added.status, added.data.problem.errors]).toEqual([422, [wanted]]);
  });
  it("of a row lead to its page on the site where the entry says so, and nowhere else", async () => {
    const shelves = adminOf(cookie, "library", "shelf");
    expect((await shelves.form(left.id)).data.seen).toBe(`/shelves/${left.id}`);
    expect((await books.form(row.id)).data.seen).toBeUndefined();
  });
});
