import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { sequelize, transaction } from "#models/database.server";
import { User } from "#models/user.server";
import { deedView } from "~/features/admin/deed-view.server";
import { register } from "~/features/admin/registry.server";
import { featureServers } from "~/features.server";
import { adminEntry } from "~/services/admin.server";
import { failingCommit } from "../../helpers/commits";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "./admin";
import { Sample } from "./sample";

let admin: ReturnType<typeof adminOf>;
beforeEach(async () => {
  admin = adminOf(
    (await signedIn({ username: "boss", displayName: "The Boss", isStaff: true, isSuperuser: true })).cookie,
  );
});
afterEach(() => vi.restoreAllMocks());
const ids = async () => (await Sample.findAll({ order: ["id"] })).map(({ id }) => id);
const first = async () => (await ids())[0]!;
const deeds = (deed: "change" | "delete") => Activity.findAll({ where: { deed } });
const titles = async (query = "") =>
  (await admin.list(query)).data.rows.map(({ cells }: { cells: string[] }) => cells[0]);
const staffWith = async (...permissions: string[]) => {
  const { user, cookie } = await signedIn({
    username: `staff-${permissions.join("-")}`.slice(0, 100),
    isStaff: true,
  });
  await user.setPermissions(permissions);
  return adminOf(cookie);
};

describe("registering", () => {
  it("one model twice is an error", () => {
    const entry = adminEntry({ model: Sample });
    expect(() =>
      register([
        { name: "a", admin: [entry] },
        { name: "b", admin: [entry] },
      ]),
    ).toThrow("two entries for sample");
  });
  it("nothing but a model gives a list, labels and plural from the model", () => {
    expect(register([{ name: "samples", admin: [adminEntry({ model: Sample })] }])[0]).toMatchObject({
      singular: "sample",
      plural: "samples",
      path: "/admin/samples/sample",
    });
  });
});

describe("the index", () => {
  it("shows the models with their counts, and what was done last", async () => {
    await Sample.add("a", "b");
    await admin.add({ title: "by hand" });
    const { models, deeds } = (await admin.index()).data;
    expect(models.find(({ path }: { path: string }) => path === "/admin/samples/sample")).toMatchObject({
      feature: "Samples",
      label: "Specimens",
      count: "3",
    });
    expect(deeds[0]).toMatchObject({ who: "boss", did: "added", label: "by hand", model: "specimen" });
    await admin.add({ title: "later" });
    const labels = (await admin.index()).data.deeds.map(({ label }: { label: string }) => label);
    expect(labels).toEqual(["later", "by hand"]);
  });
  it("shows only what one may see, counts and deeds too", async () => {
    await admin.add({ title: "secret plan" });
    const data = (await (await staffWith("view_group")).index()).data;
    expect(data.models.map(({ label }: { label: string }) => label)).toEqual(["Groups"]);
    expect(JSON.stringify(data)).not.toContain("secret plan");
  });
});

describe("permissions", () => {
  const tries = (other: ReturnType<typeof adminOf>, id: number) => ({
    index: () => other.index(),
    list: () => other.list(),
    csv: () => other.exported(),
    form: () => other.form(id),
    history: () => other.history(id),
    addForm: () => other.addForm(),
    add: () => other.add({ title: "x" }),
    change: async () => other.change(id, { ...(await opened(admin, id)), title: "x" }),
    preview: () => other.preview(id),
    delete: () => other.delete(id),
    restore: async () => {
      for (const title of ["one", "two"]) await admin.change(id, { ...(await opened(admin, id)), title });
      const [, one] = await Activity.of("sample", id);
      return other.restore(id, one!.id);
    },
    bulkDelete: () => other.bulk({ action: "delete", id: String(id), confirm: "1" }),
    bulkDone: () => other.bulk({ action: "done", id: String(id), confirm: "1" }),
  });
  const see = { list: 200, csv: 200, form: 200, history: 200, bulkDelete: 303, bulkDone: 303 };
  const screens = Object.keys(tries(null as never, 0));
  const everywhere = (status: number) => Object.fromEntries(screens.map((name) => [name, status]));
  const none = { ...everywhere(404), index: 200 };
  it.each([
    [
      "who is not signed in is asked for a login",
      async () => "",
      {
        ...everywhere(303),
        ...{ index: 302, list: 302, csv: 302, form: 302, history: 302, addForm: 302, preview: 302 },
      },
    ],
    [
      "who is no staff is refused",
      async () => (await signedIn({ username: "user" })).cookie,
      everywhere(403),
    ],
    [
      "a superuser may do everything",
      async () => (await signedIn({ username: "root", isStaff: true, isSuperuser: true })).cookie,
      {
        ...{ ...see, index: 200, addForm: 200, add: 303, change: 303, preview: 200 },
        ...{ delete: 303, restore: 303 },
      },
    ],
  ])("%s on every screen", async (_, cookieOf, statuses) => {
    const other = adminOf(await cookieOf());
    for (const [name, status] of Object.entries(statuses)) {
      await Sample.add("row");
      const answer = await tries(other, await first())[name as "list"]();
      expect([name, answer.status]).toEqual([name, status]);
    }
  });
  it.each([
    ["no permission", [], {}],
    ["view", ["view_sample"], see],
    ["add", ["add_sample"], { addForm: 200, add: 303 }],
    ["change", ["change_sample"], { ...see, change: 303, restore: 303 }],
    ["delete", ["delete_sample"], { ...see, preview: 200, delete: 303 }],
    ["those of another model", ["view_group", "change_group", "add_group", "delete_group"], {}],
  ])("of staff with %s decide every screen", async (_, permissions, open) => {
    const other = await staffWith(...permissions);
    for (const [name, status] of Object.entries({ ...none, ...open })) {
      await Sample.add("row");
      const id = await first();
      const answer = await tries(other, id)[name as "list"]();
      expect([name, answer.status]).toEqual([name, status]);
    }
  });
  it.each([
    ["view", ["a", "b"], []],
    ["add", ["a", "b"], []],
    ["change", ["a", "b"], ["b"]],
    ["delete", ["b"], []],
  ])(
    "of a bulk action are asked for by the action, not by the screen: who may %s",
    async (name, left, done) => {
      await Sample.add("a", "b");
      const [a, b] = (await ids()).map(String);
      const other = await staffWith(`${name}_sample`);
      await other.bulk({ action: "delete", id: a!, confirm: "1" });
      await other.bulk({ action: "done", id: b!, confirm: "1" });
      const titles = async (where: { done?: boolean }) =>
        (await Sample.findAll({ where, order: ["id"] })).map(({ title }) => title);
      expect([await titles({}), await titles({ done: true })]).toEqual([left, done]);
    },
  );
  it.each([
    ["view", { actions: [], add: false, form: false, may: [], restore: false }],
    ["add", { add: true }],
    ["change", { actions: ["done"], add: false, form: true, may: ["change"], restore: true }],
    ["delete", { actions: ["delete"], add: false, form: false, may: ["delete"], restore: false }],
  ])("of staff who may %s: nothing else is offered", async (permission, offered) => {
    await Sample.add("a");
    const id = await first();
    const other = await staffWith(`${permission}_sample`);
    const [{ count, sees, mayAdd }] = (await other.index()).data.models;
    if (permission === "add") {
      // How many there are is for who may see them, and so is the list.
      expect({ count, sees, add: mayAdd }).toEqual({ count: "", sees: false, ...offered });
      const form = (await other.addForm()).data;
      expect([form.trail, form.view.back]).toEqual([[], "/admin"]);
      expect((await other.add({ title: "b" })).headers.get("Location")).toBe("/admin");
      return;
    }
    const list = (await other.list()).data;
    const { view, facts, may } = (await other.form(id)).data;
    expect({
      actions: list.actions.map(({ name }: { name: string }) => name),
      add: mayAdd || list.mayAdd,
      form: view !== null,
      may: Object.keys(may).filter((deed) => may[deed]),
      restore: (await other.history(id)).data.mayRestore,
    }).toEqual(offered);
    expect([count, sees, facts.length > 0]).toEqual(["1", true, view === null]);
  });
  it("of who is not signed in are asked for at the login, which leads back", async () => {
    const { headers } = await adminOf("").list("?q=a");
    expect(headers.get("Location")).toBe("/accounts/login?next=%2Fadmin%2Fsamples%2Fsample%3Fq%3Da");
  });
});

describe("the list", () => {
  it("shows the declared columns in the declared order, a page of 50 at a time", async () => {
    await Sample.add(...Array.from({ length: 60 }, (_, n) => `item ${n}`));
    const { columns, rows, page } = (await admin.list()).data;
    expect(columns.map(({ label }: { label: string }) => label)).toEqual(["Title", "Done", "Created at"]);
    expect([rows.length, page.total, page.pages]).toEqual([50, 60, 2]);
    expect((await admin.list("?page=2")).data.rows).toHaveLength(10);
  });
  it("searches: all words, any case, percent sign and underscore as they are", async () => {
    await Sample.add("100% cotton", "1000 cotton shirts", "under_score", "underXscore", "Über Zürich");
    expect(await titles("?q=COTTON+100%25")).toEqual(["100% cotton"]);
    expect(await titles("?q=r_s")).toEqual(["under_score"]);
    expect(await titles("?q=shirts+1000")).toEqual(["1000 cotton shirts"]);
    expect(await titles("?q=%C3%9Cber")).toEqual(["Über Zürich"]);
    expect(await titles("?q=nothing")).toEqual([]);
  });
  it("sorts by several columns, up and down", async () => {
    await Sample.add("b", "a", "c");
    await Sample.toggle((await Sample.findOne({ where: { title: "a" } }))!.id);
    expect(await titles("?o=title")).toEqual(["a", "b", "c"]);
    expect(await titles("?o=-title")).toEqual(["c", "b", "a"]);
    expect(await titles("?o=-done.-title")).toEqual(["a", "c", "b"]);
  });
  it("filters by yes and no, and by date", async () => {
    await Sample.add("a", "b");
    await Sample.toggle(await first());
    const [done, open] = await Sample.findAll({ order: ["id"] });
    expect(await titles("?done=yes")).toEqual([done!.title]);
    expect(await titles("?done=no")).toEqual([open!.title]);
    await sequelize.query("UPDATE samples SET created_at = '2001-01-01 00:00:00.000 +00:00' WHERE done");
    for (const period of ["today", "7-days", "month", "year"]) {
      expect(await titles(`?created_at=${period}`)).toEqual([open!.title]);
    }
    expect(await titles("?created_at=today&done=yes")).toEqual([]);
  });
  it.each([
    ["an unknown filter", "?color=red", "the filter color"],
    ["an unknown value", "?done=perhaps", "Done: perhaps"],
    ["a column that is not listed", "?o=deletedAt", "sorting by deletedAt"],
    ["a column that is none", "?o=title.password;DROP", "sorting by password;DROP"],
  ])("passes over %s and says so", async (_, query, said) => {
    await Sample.add("a");
    const { data } = await admin.list(query);
    expect(data.ignored.join()).toContain(said);
    expect(data.rows).toHaveLength(1);
  });
  it.each([
    "?page=0",
    "?page=-1",
    "?page=abc",
    "?page=99999999999999999999",
    "?q=%00",
    `?q=${"x ".repeat(500)}`,
    "?o=",
    `?o=${"done.".repeat(2_100)}`,
    "?o=..-.--title",
  ])("answers %s", async (query) => {
    await Sample.add("a");
    expect((await admin.list(query)).status).toBe(200);
  });
  it("never shows a secret, nor sorts by one", async () => {
    const { data } = await adminOf(
      (await signedIn({ username: "b", isStaff: true, isSuperuser: true })).cookie,
      "accounts",
      "user",
    ).list("?o=password");
    expect(data.ignored).toEqual(["sorting by password"]);
    expect(JSON.stringify(data)).not.toContain("argon2");
  });
  it("of more than 10,000 rows says that it does not count further, and shows those beyond", async () => {
    await Sample.bulkCreate(Array.from({ length: 10_051 }, (_, n) => ({ title: `item ${n}` })));
    const { page, isMore, rows } = (await admin.list("?page=202")).data;
    expect([page.total, isMore, page.number, rows.length]).toEqual([10_000, true, 202, 1]);
    expect((await admin.list("?q=item")).data).toMatchObject({ page: { total: 10_000 }, isMore: true });
    const [counted] = (await admin.index()).data.models.filter(
      ({ label }: { label: string }) => label === "Specimens",
    );
    expect(counted.count).toBe("10,000+");
  });
  it("as CSV is exactly what the list shows, all pages, and no spreadsheet runs it", async () => {
    await Sample.add("plain", 'with "quotes", and comma', "=1+1", "-5", "+x");
    const lines = (await admin.csv("?o=title")).split("\r\n");
    expect(lines[0]).toBe("ID,Title,Done,Created at");
    const cells = lines.slice(1, -1).map((line) => line.replace(/^\d+,/, "").replace(/,no,.*$/, ""));
    expect(cells.sort()).toEqual(["'+x", "'=1+1", "-5", '"with ""quotes"", and comma"', "plain"].sort());
    expect((await admin.csv("?q=plain")).trimEnd().split("\r\n")).toHaveLength(2);
  });
  it("as CSV has the rows and the cells of every page, in their order", async () => {
    await Sample.add(...Array.from({ length: 70 }, (_, n) => `item ${n}`), "other");
    await Sample.update({ done: true }, { where: { title: ["item 7", "other"] } });
    const query = "?q=item&done=no&o=-title";
    const pages = [await admin.list(query), await admin.list(`${query}&page=2`)].map(({ data }) => data.rows);
    const shown = pages.flat().map(({ id, cells }: { id: number; cells: string[] }) => [id, ...cells].join());
    expect(shown).toHaveLength(69);
    expect((await admin.csv(query)).trimEnd().split("\r\n").slice(1)).toEqual(shown);
  });
  it("as CSV holds every row of a long list once", async () => {
    await Sample.bulkCreate(Array.from({ length: 2_345 }, (_, n) => ({ title: `item ${n}` })));
    const lines = (await admin.csv("?o=done")).trimEnd().split("\r\n").slice(1);
    expect(new Set(lines.map((line) => line.split(",")[0])).size).toBe(2_345);
  });
});

describe("adding", () => {
  it("makes the row, says so, and leads to the list, the form or another form", async () => {
    expect((await admin.add({ title: "a" })).headers.get("Location")).toBe("/admin/samples/sample");
    const again = await admin.add({ title: "b", _addanother: "1" });
    expect(again.headers.get("Location")).toBe("/admin/samples/sample/add");
    const on = await admin.add({ title: "c", done: "on", _continue: "1" });
    expect(on.headers.get("Location")).toMatch(/^\/admin\/samples\/sample\/\d+\/change$/);
    expect(await Sample.counts()).toEqual({ active: 2, completed: 1 });
  });
  it.each([
    ["", "Enter a title"],
    ["   ", "Enter a title"],
    ["x".repeat(201), "200 characters"],
    ["a\u0000b", "NUL"],
  ])("refuses the title %j by the model's own rule, and keeps what was typed", async (title, message) => {
    const { status, data } = await admin.add({ title, done: "on" });
    expect([status, data.problem.errors[0].name]).toEqual([422, "title"]);
    expect(data.problem.errors[0].message).toContain(message);
    expect(data.problem.values.done).toBe("on");
    expect(await Sample.count()).toBe(0);
  });
});

describe("changing", () => {
  it("saves, and notes who changed what from what to what", async () => {
    await Sample.add("before");
    const id = await first();
    expect((await admin.change(id, { ...(await opened(admin, id)), title: "after" })).status).toBe(303);
    const [deed] = await Activity.of("sample", id);
    expect(deed).toMatchObject({ userName: "boss", deed: "change", label: "after" });
    expect(deed!.changes).toEqual([{ field: "title", before: "before", after: "after" }]);
  });
  it("leads to the list, the form or a form to add another", async () => {
    await Sample.add("a");
    const id = await first();
    const next = async (button: object) =>
      (await admin.change(id, { ...(await opened(admin, id)), ...button })).headers.get("Location");
    expect([await next({}), await next({ _continue: "1" }), await next({ _addanother: "1" })]).toEqual([
      "/admin/samples/sample",
      `/admin/samples/sample/${id}/change`,
      "/admin/samples/sample/add",
    ]);
  });
  it("leads, as adding, deleting and restoring do, to the list as one came from it", async () => {
    const query = "?q=a+b&done=no&o=-title&page=2";
    const fields = (id: number) => opened(admin, id);
    await Sample.add("a");
    const id = await first();
    const leads = async (answer: Promise<{ headers: Headers }>) => (await answer).headers.get("Location");
    const base = "/admin/samples/sample";
    expect(await leads(admin.change(id, { ...(await fields(id)), title: "b" }, query))).toBe(base + query);
    const [deed] = await Activity.of("sample", id);
    expect(await leads(admin.restore(id, deed!.id, {}, query))).toBe(`${base}/${id}/history${query}`);
    expect(await leads(admin.change(id, { ...(await fields(id)), _continue: "1" }, query))).toBe(
      `${base}/${id}/change${query}`,
    );
    expect(await leads(admin.add({ title: "c", _addanother: "1" }, query))).toBe(`${base}/add${query}`);
    expect(await leads(admin.add({ title: "c" }, query))).toBe(base + query);
    expect(await leads(admin.delete(id, query))).toBe(base + query);
  });
  it("nothing notes nothing", async () => {
    await Sample.add("same");
    const id = await first();
    await admin.change(id, await opened(admin, id));
    expect(await deeds("change")).toEqual([]);
  });
  it("what somebody else has changed meanwhile is a 409 with yours, theirs, who and when; nothing is lost", async () => {
    await Sample.add("original");
    const id = await first();
    const grace = adminOf((await signedIn({ username: "grace", isStaff: true, isSuperuser: true })).cookie);
    const mine = await opened(admin, id);
    await grace.change(id, { ...(await opened(grace, id)), title: "theirs" });
    const { status, data } = await admin.change(id, { ...mine, title: "mine" });
    expect(status).toBe(409);
    expect(data.conflict).toMatchObject({ who: "grace" });
    expect(data.conflict.when).toBeInstanceOf(Date);
    expect(data.conflict.conflicts).toEqual([
      { name: "title", label: "Title", yours: "mine", theirs: "theirs", both: true },
    ]);
    expect(data.problem.values.title).toBe("mine");
    expect((await Sample.findByPk(id))!.title).toBe("theirs");
    const chosen = { ...data.problem.values, _version: data.conflict.version };
    expect((await admin.change(id, chosen)).status).toBe(303);
    expect((await Sample.findByPk(id))!.title).toBe("mine");
  });
  it("names nobody in a conflict where it is not on record who made the field what it is", async () => {
    await admin.add({ title: "original" });
    const id = await first();
    const mine = await opened(admin, id);
    await Sample.update({ title: "by hand" }, { where: { id } });
    const { status, data } = await admin.change(id, { ...mine, title: "mine" });
    expect([status, data.conflict.who, data.conflict.when]).toEqual([409, "", null]);
  });
  it("after a conflict takes theirs of a field where the person says so, and their own of the others", async () => {
    await Sample.add("original");
    const id = await first();
    const mine = await opened(admin, id);
    await Sample.update({ title: "theirs" }, { where: { id } });
    const { data } = await admin.change(id, { ...mine, title: "mine", done: "on" });
    const again = { ...data.problem.values, _version: data.conflict.version };
    expect((await admin.change(id, { ...again, _take_title: "theirs", _take_done: "yours" })).status).toBe(
      303,
    );
    expect(await Sample.findByPk(id)).toMatchObject({ title: "theirs", done: true });
  });
  it("keeps theirs in fields that the person did not touch", async () => {
    await Sample.add("original");
    const id = await first();
    const mine = await opened(admin, id);
    await Sample.toggle(id);
    const { status, data } = await admin.change(id, { ...mine, title: "mine" });
    expect(status).toBe(409);
    expect(data.problem.values).toMatchObject({ title: "mine", done: "on" });
    expect(data.conflict.conflicts).toEqual([
      { name: "done", label: "Done", yours: "no", theirs: "yes", both: false },
    ]);
  });
  it("by ten people at once takes one, and tells the others", async () => {
    await Sample.add("original");
    const id = await first();
    const form = await opened(admin, id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => admin.change(id, { ...form, title: `by ${n}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(409)]);
  });
  it("that is refused keeps the version that was opened: a change meanwhile is still a conflict", async () => {
    await Sample.add("original");
    const id = await first();
    const mine = await opened(admin, id);
    await Sample.update({ title: "theirs" }, { where: { id } });
    const refused = await admin.change(id, { ...mine, title: "" });
    expect([refused.status, refused.data.problem.values._version]).toEqual([422, mine._version]);
    expect((await admin.change(id, { ...refused.data.problem.values, title: "mine" })).status).toBe(409);
  });
  it("without a version is taken for a conflict, not for a licence to overwrite", async () => {
    await Sample.add("original");
    const id = await first();
    for (const _version of ["", "garbage", "{}", "[1]", '{"title":"x"}']) {
      expect((await admin.change(id, { title: "mine", _version })).status).toBe(409);
    }
    expect((await Sample.findByPk(id))!.title).toBe("original");
  });
  it.each(["abc", "0", "-1", "1.5", "99999999999999999999", "4711"])(
    "the id %s is a 404 on every screen",
    async (id) => {
      const answers = [
        await admin.form(id),
        await admin.change(id, { title: "x" }),
        await admin.preview(id),
        await admin.delete(id),
        await admin.history(id),
        await admin.restore(id, 1),
      ];
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
    },
  );
  it.each([
    ["nothing", "sample"],
    ["samples", "nothing"],
    ["samples", "user"],
    ["samples", "session"],
    ["__proto__", "constructor"],
  ])("the model %s/%s is a 404 on every screen", async (feature, model) => {
    const { cookie } = await signedIn({ username: "root", isStaff: true, isSuperuser: true });
    const other = adminOf(cookie, feature, model);
    const answers = [
      await other.list(),
      await other.addForm(),
      await other.form(1),
      await other.history(1),
      await other.exported(),
    ];
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(404));
  });
});

describe("deleting", () => {
  it("says what goes with it, deletes that, and keeps the record", async () => {
    const { user } = await signedIn({ username: "leaver" });
    await user.setGroups(["editors"]);
    const users = adminOf(
      (await signedIn({ username: "root", isStaff: true, isSuperuser: true })).cookie,
      "accounts",
      "user",
    );
    const { found } = (await users.preview(user.id)).data;
    expect(found.deleted).toEqual(
      expect.arrayContaining([
        { called: "session", count: 1, names: [] },
        { called: "user group", count: 1, names: [] },
      ]),
    );
    expect((await users.delete(user.id)).status).toBe(303);
    expect(await User.findByPk(user.id)).toBeNull();
    const { data } = await users.history(user.id);
    expect(data).toMatchObject({ isThere: false, name: "leaver" });
    expect(data.deeds[0].did).toBe("deleted");
  });
  it("by two people at once is done once; the second finds nothing", async () => {
    await Sample.add("a");
    const id = await first();
    const statuses = (await Promise.all([admin.delete(id), admin.delete(id)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 404]);
    expect((await Activity.of("sample", id)).filter(({ deed }) => deed === "delete")).toHaveLength(1);
  });
});

describe("history", () => {
  it("restores a version, and notes that too", async () => {
    await admin.add({ title: "one" });
    const id = await first();
    for (const title of ["two", "three"]) await admin.change(id, { ...(await opened(admin, id)), title });
    const { deeds } = (await admin.history(id)).data;
    expect(deeds.map(({ did }: { did: string }) => did)).toEqual(["changed", "changed", "added"]);
    expect((await admin.restore(id, deeds[1].id)).status).toBe(303);
    expect((await Sample.findByPk(id))!.title).toBe("two");
    expect((await admin.restore(id, deeds[2].id)).status).toBe(303);
    expect((await Sample.findByPk(id))!.title).toBe("one");
    expect((await admin.history(id)).data.deeds[0]).toMatchObject({
      did: "restored",
      changes: [{ field: "Title", before: "two", after: "one" }],
    });
  });
  it("finds fields by name, whatever they are called now, and calls what is gone by its name", async () => {
    await Sample.add("one");
    const id = await first();
    const changes = [
      { field: "title", before: "zero", after: "one" },
      { field: "due_at", before: null, after: "2026-01-31" },
    ];
    const deed = { deed: "change" as const, model: "sample", objectId: id, label: "one", changes };
    await transaction((transaction) => Activity.record([deed], null, transaction));
    const samples = featureServers.find(({ name }) => name === "samples")!;
    const entry = { ...register([samples])[0]!, labels: { title: "What to do" } };
    const [newest] = await Activity.of("sample", id);
    expect(deedView(newest!, [entry]).changes.map(({ field }) => field)).toEqual(["What to do", "Due at"]);
  });
  it("of another row cannot be restored here", async () => {
    await admin.add({ title: "one" });
    await admin.add({ title: "other" });
    const [id, other] = (await ids()) as [number, number];
    const [deed] = await Activity.of("sample", other);
    expect((await admin.restore(id, deed!.id)).status).toBe(404);
    for (const version of ["", "abc", "0"]) expect((await admin.restore(id, version)).status).toBe(404);
  });
  it("is that of one model: what was done to a row of another with the same id is not in it", async () => {
    await admin.add({ title: "one" });
    const id = await first();
    const deed = { deed: "change" as const, model: "user", objectId: id, label: "somebody", changes: [] };
    await transaction((transaction) => Activity.record([deed], null, transaction));
    const [foreign] = await Activity.of("user", id);
    expect((await admin.history(id)).data.deeds).toMatchObject([{ did: "added" }]);
    expect((await admin.restore(id, foreign!.id)).status).toBe(404);
  });
  it("cannot be changed or deleted, row by row or in bulk", async () => {
    await admin.add({ title: "one" });
    const [deed] = await Activity.findAll();
    await expect(deed!.update({ label: "x" })).rejects.toThrow("stays on record");
    await expect(deed!.destroy()).rejects.toThrow("stays on record");
    await expect(Activity.update({ label: "x" }, { where: {} })).rejects.toThrow("stays on record");
    await expect(Activity.destroy({ where: {} })).rejects.toThrow("stays on record");
  });
  it("is not there where the change is refused", async () => {
    await admin.add({ title: "" });
    expect(await Activity.count()).toBe(0);
  });
  it.each([
    ["add", () => admin.add({ title: "another" })],
    ["change", async (id: number) => admin.change(id, { ...(await opened(admin, id)), title: "changed" })],
    ["delete", (id: number) => admin.delete(id)],
    ["delete many", (id: number) => admin.bulk({ action: "delete", ids: String(id), confirm: "1" })],
    ["change many", (id: number) => admin.bulk({ action: "done", ids: String(id), confirm: "1" })],
  ])("is there with the change or neither is: %s", async (_, change) => {
    await Sample.add("one");
    const id = await first();
    const before = await Sample.findAll({ raw: true });
    vi.spyOn(Activity, "record").mockRejectedValue(new Error("no note"));
    await expect(Promise.resolve(change(id))).rejects.toThrow("no note");
    vi.restoreAllMocks();
    expect(await Sample.findAll({ raw: true })).toEqual(before);
    failingCommit("no room on the disk");
    await expect(Promise.resolve(change(id))).rejects.toThrow("no room on the disk");
    expect([await Sample.findAll({ raw: true }), await Activity.count()]).toEqual([before, 0]);
  });
});

describe("bulk actions", () => {
  const pick = async (count: number) => (await ids()).slice(0, count).map(String);

  it("ask first, with names and a count, and change nothing yet", async () => {
    await Sample.add("a", "b", "c");
    const { status, data } = await admin.bulk({ action: "delete", id: await pick(2) });
    expect([status, data.count, data.names.length]).toEqual([200, 2, 2]);
    expect(await Sample.count()).toBe(3);
  });
  it("delete what was selected when it is confirmed, and note each", async () => {
    await Sample.add("a", "b", "c");
    const ids = (await pick(2)).join(",");
    const { status, headers } = await admin.bulk({ action: "delete", ids, confirm: "1" }, "?q=&page=1");
    expect([status, headers.get("Location")]).toEqual([303, "/admin/samples/sample?q=&page=1"]);
    expect([await Sample.count(), await Activity.count()]).toEqual([1, 2]);
  });
  it("of the feature change what was selected, and note what changed", async () => {
    await Sample.add("a", "b", "c");
    await admin.bulk({ action: "done", ids: (await pick(2)).join(","), confirm: "1" });
    expect(await Sample.counts()).toEqual({ active: 1, completed: 2 });
    expect((await Activity.findAll())[0]!.changes).toEqual([{ field: "done", before: null, after: "on" }]);
  });
  it("on all rows of the result take those that fit, on every page, and no other", async () => {
    await Sample.add(...Array.from({ length: 70 }, (_, n) => `match ${n}`), "other");
    const asked = await admin.bulk({ action: "delete", all: "1" }, "?q=match");
    expect([asked.data.count, asked.data.ids]).toEqual([70, []]);
    await admin.bulk({ action: "delete", all: "1", confirm: "1", count: "70" }, "?q=match");
    expect(await titles()).toEqual(["other"]);
  });
  it("on all rows ask again when the result has changed since the question", async () => {
    await Sample.add("match 1", "match 2");
    const { status, data } = await admin.bulk(
      { action: "delete", all: "1", confirm: "1", count: "1" },
      "?q=match",
    );
    expect([status, data.count, await Sample.count()]).toEqual([200, 2, 2]);
  });
  it.each(["?done=perhaps", "?owner_id=7", "?color=red"])(
    "on all rows refuse a filter that is not known: %s",
    async (query) => {
      await Sample.add("a", "b");
      const { status } = await admin.bulk({ action: "delete", all: "1", confirm: "1", count: "2" }, query);
      expect([status, await Sample.count()]).toEqual([303, 2]);
    },
  );
  it("say how many were done when rows have gone meanwhile", async () => {
    await Sample.add("a", "b", "c");
    const picked = await pick(3);
    await Sample.destroy({ where: { id: Number(picked[0]) } });
    const say = async () =>
      (await flashOf(await admin.bulk({ action: "delete", ids: picked.join(","), confirm: "1" })))?.text;
    expect(await say()).toBe("Deleted 2 specimens. 1 was gone already.");
    expect(await Sample.count()).toBe(0);
    expect(await say()).toBe("None of the selected specimens is there any more.");
  });
  it("delete no row twice that two people have selected", async () => {
    await Sample.add("a", "b", "c");
    const picked = (await pick(3)).join(",");
    const remove = async () =>
      (await flashOf(await admin.bulk({ action: "delete", ids: picked, confirm: "1" })))?.text;
    const said = await Promise.all([remove(), remove()]);
    expect(said.filter((text) => text === "Deleted 3 specimens.")).toHaveLength(1);
    expect([await Sample.count(), (await deeds("delete")).length]).toEqual([0, 3]);
  });
  it("take 5,000 selected rows", async () => {
    await Sample.bulkCreate(Array.from({ length: 5_000 }, (_, n) => ({ title: `item ${n}` })));
    const asked = await admin.bulk({ action: "delete", id: await pick(5_000) });
    expect([asked.data.count, asked.data.names.length]).toEqual([5_000, 100]);
    await admin.bulk({ action: "delete", ids: asked.data.ids.join(","), confirm: "1" });
    expect(await Sample.count()).toBe(0);
  }, 120_000);
  it.each([
    ["no action", { id: "1" }],
    ["an unknown action", { action: "explode", id: "1", confirm: "1" }],
    ["nothing selected", { action: "delete", confirm: "1" }],
    ["ids that are none", { action: "delete", id: ["abc", "-1", "1;DROP"], confirm: "1" }],
  ])("with %s change nothing and say so", async (_, fields) => {
    await Sample.add("a");
    const { status, headers } = await admin.bulk(fields as Record<string, string>);
    expect([status, headers.get("Set-Cookie")?.startsWith("flash-")]).toEqual([303, true]);
    expect(await Sample.count()).toBe(1);
  });
});
