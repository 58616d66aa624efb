import { describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Todo } from "#models/todo.server";
import { action as clearCompleted } from "~/features/todos/clear-completed";
import { action as remove } from "~/features/todos/delete";
import { action as edit, loader as editPage } from "~/features/todos/edit";
import { action as emptyTrash } from "~/features/todos/empty-trash";
import { action as erase } from "~/features/todos/erase";
import { action as add } from "~/features/todos/list";
import { action as restore } from "~/features/todos/restore";
import { action as restoreCompleted } from "~/features/todos/restore-completed";
import { action as toggle } from "~/features/todos/toggle";
import { action as toggleAll } from "~/features/todos/toggle-all";
import { loader as trashPage } from "~/features/todos/trash";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";

async function todo(title = "x", values: { done?: boolean; deletedAt?: Date } = {}) {
  return (await Todo.create({ title, ...values })).id;
}
const on = (id: number | string) => ({ id: String(id) });

describe("every action on one to-do", () => {
  const actions = { toggle, delete: remove, edit, restore, erase };
  const bad = ["abc", "0", "99999999999999999999", "4711", "-1", "1.5"];
  it.each(Object.entries(actions).flatMap(([verb, action]) => bad.map((id) => [verb, id, action] as const)))(
    "%s of the id %s is a 404",
    async (_, id, action) => {
      expect((await call(action, post(`/todos/${id}/x`, { title: "t" }), on(id))).status).toBe(404);
    },
  );
  it.each([
    ["", (id: number) => `/todos#todo-${id}`],
    ["?show=active&page=3", (id: number) => `/todos?show=active&page=3#todo-${id}`],
    ["?show=completed&at=7&next=//evil", () => "/todos?show=completed#todo-7"],
    ["?at=evil", () => "/todos"],
  ])("toggle at %j returns to where it was pressed", async (query, back) => {
    const id = await todo();
    const { status, headers } = await call(toggle, post(`/todos/${id}/toggle${query}`), on(id));
    expect([status, headers.get("Location")]).toEqual([303, back(id)]);
  });
});

describe("toggle", () => {
  it("marks as done, and as not done the next time", async () => {
    const id = await todo();
    await call(toggle, post("/todos/1/toggle"), on(id));
    expect((await Todo.find(id))?.done).toBe(true);
    await call(toggle, post("/todos/1/toggle"), on(id));
    expect((await Todo.find(id))?.done).toBe(false);
  });
});

describe("delete", () => {
  it("says what was deleted and offers Undo, which brings it back to the same place", async () => {
    const id = await todo("Call the plumber", { done: true });
    const answer = await call(remove, post(`/todos/${id}/delete?show=completed&page=1`), on(id));
    const flash = await flashOf(answer);
    expect(flash).toEqual({
      kind: "success",
      text: "Deleted “Call the plumber”.",
      action: { label: "Undo", path: `/todos/${id}/restore?show=completed&page=1&at=${id}` },
    });
    const undone = await call(restore, post(flash!.action!.path), on(id));
    expect(undone.headers.get("Location")).toBe(`/todos?show=completed&page=1#todo-${id}`);
    expect(await flashOf(undone)).toMatchObject({ text: "Restored “Call the plumber”." });
    expect((await Todo.find(id))?.done).toBe(true);
  });
});

describe("edit", () => {
  it("shows the title that there is", async () => {
    const id = await todo("old");
    expect((await call(editPage, get("/todos/1/edit"), on(id))).data).toMatchObject({
      todo: { id, title: "old" },
    });
  });
  it.each(["abc", "0", "4711"])("has no page for the id %s", async (id) => {
    expect((await call(editPage, get("/todos/1/edit"), on(id))).status).toBe(404);
  });
  it("stores the new title and returns to where it came from", async () => {
    const id = await todo("old");
    const { status, headers } = await call(
      edit,
      post(`/todos/${id}/edit?page=2&at=${id}`, { title: " new " }),
      on(id),
    );
    expect([status, headers.get("Location")]).toEqual([303, `/todos?page=2#todo-${id}`]);
    expect((await Todo.find(id))?.title).toBe("new");
  });
  it.each([
    [" ", "Enter what needs doing"],
    ["x".repeat(201), "Title must be 200 characters or fewer; it has 201"],
    ["a\nb", "Title must be one line without control characters"],
  ])("refuses %j with 422 and keeps what was typed and what was stored", async (title, message) => {
    const id = await todo("old");
    const { status, data } = await call(edit, post(`/todos/${id}/edit`, { title }), on(id));
    expect([status, data.problem]).toEqual([
      422,
      { values: { title }, errors: [{ name: "title", message }] },
    ]);
    expect((await Todo.find(id))?.title).toBe("old");
  });
});

describe("toggle all", () => {
  it("completes all, reopens all, and counts in words that agree", async () => {
    await todo("a");
    await todo("b");
    const completed = await call(toggleAll, post("/todos/toggle-all?show=active", { done: "true" }));
    expect(completed.headers.get("Location")).toBe("/todos?show=active");
    expect(await flashOf(completed)).toMatchObject({ text: "Completed 2 to-dos." });
    await todo("c");
    expect(await flashOf(await call(toggleAll, post("/x", { done: "true" })))).toMatchObject({
      text: "Completed 1 to-do.",
    });
    expect(await flashOf(await call(toggleAll, post("/x", { done: "false" })))).toMatchObject({
      text: "Reopened 3 to-dos.",
    });
  });
  it.each([{}, { done: "maybe" }])("with %j is a 400", async (fields) => {
    expect((await call(toggleAll, post("/todos/toggle-all", fields as Record<string, string>))).status).toBe(
      400,
    );
  });
});

describe("clear completed", () => {
  it("deletes the completed ones, and Undo brings back these and no others", async () => {
    await todo("gone before", { done: true, deletedAt: new Date(Date.now() - 1_000) });
    await todo("a", { done: true });
    await todo("b", { done: true });
    await todo("c");
    const flash = await flashOf(await call(clearCompleted, post("/todos/clear-completed?show=all")));
    expect(flash?.text).toBe("Deleted 2 completed to-dos.");
    expect(await Todo.counts()).toEqual({ active: 1, completed: 0 });
    const undone = await call(restoreCompleted, post(flash!.action!.path));
    expect(await flashOf(undone)).toMatchObject({ text: "Restored 2 to-dos." });
    expect(await Todo.counts()).toEqual({ active: 1, completed: 2 });
  });
  it("of nothing says so and offers no Undo", async () => {
    const flash = await flashOf(await call(clearCompleted, post("/todos/clear-completed")));
    expect(flash).toEqual({ kind: "success", text: "Deleted 0 completed to-dos." });
  });
  it.each([
    "",
    "?deleted=",
    "?deleted=yesterday",
    "?deleted=2020-01-01T00:00:00.000Z",
    "?deleted=-271821-04-20T00:00:00.000Z",
    "?deleted=0000-01-01T00:00:00.000Z",
  ])("has no Undo for %j", async (query) => {
    expect((await call(restoreCompleted, post(`/todos/restore-completed${query}`))).status).toBe(404);
  });
});

describe("the trash", () => {
  it("lists what was deleted, in pages", async () => {
    for (let n = 0; n < 51; n++) await todo(`t${n}`, { deletedAt: new Date(Date.now() - n * 1_000) });
    const { data } = await call(trashPage, get("/todos/trash?page=2"));
    expect(data.page).toMatchObject({ number: 2, pages: 2, total: 51 });
    expect(data.rows).toMatchObject([{ title: "t50", done: false }]);
    expect(data.rows[0].deletedAt).toBeInstanceOf(Date);
  });
  it("restores and stays on the trash's page", async () => {
    const id = await todo("a", { deletedAt: new Date() });
    const { headers } = await call(restore, post(`/todos/${id}/restore?from=trash&page=2`), on(id));
    expect(headers.get("Location")).toBe("/todos/trash?page=2");
    expect(await Todo.find(id)).toMatchObject({ title: "a" });
  });
  it("erases one for good", async () => {
    const id = await todo("a", { deletedAt: new Date() });
    const answer = await call(erase, post(`/todos/${id}/erase?from=trash`), on(id));
    expect(await flashOf(answer)).toEqual({ kind: "success", text: "Deleted “a” for good." });
    expect((await call(restore, post("/x"), on(id))).status).toBe(404);
  });
  it("erases nothing that was not deleted first", async () => {
    expect((await call(erase, post("/x"), on(await todo()))).status).toBe(404);
    expect(await Todo.count()).toBe(1);
  });
  it("empties whole", async () => {
    await todo("a", { deletedAt: new Date() });
    await todo("b");
    expect(await flashOf(await call(emptyTrash, post("/x")))).toMatchObject({
      text: "Deleted 1 to-do for good.",
    });
    expect(await Todo.count({ paranoid: false })).toBe(1);
  });
});

describe("the history", () => {
  const steps = async (headers: HeadersInit) => {
    await call(add, post("/todos", { title: "a" }, headers));
    const id = (await Todo.findOne({ rejectOnEmpty: true })).id;
    const send = (action: typeof add, fields = {}) => call(action, post("/x", fields, headers), on(id));
    await send(edit, { title: "b" });
    await send(toggle);
    await send(remove);
    await send(restore);
    await send(toggleAll, { done: "false" });
    await send(toggleAll, { done: "true" });
    const flash = await flashOf(await send(clearCompleted));
    await call(restoreCompleted, post(flash!.action!.path, {}, headers));
    await send(remove);
    await send(restore);
    await send(clearCompleted);
    await send(erase);
    await call(add, post("/todos", { title: "c" }, headers));
    const other = (await Todo.findOne({ rejectOnEmpty: true })).id;
    await call(remove, post("/x", {}, headers), on(other));
    await call(emptyTrash, post("/x", {}, headers));
    return Activity.findAll({ order: ["id"] });
  };
  it("has each of these deeds, by the user name of who is signed in", async () => {
    const { cookie, user } = await signedIn({ username: "grace", displayName: "Somebody Else" });
    const deeds = await steps({ Cookie: cookie });
    expect(deeds.map(({ deed }) => deed)).toEqual([
      ...["add", "change", "change", "delete", "restore", "change", "change", "delete", "restore"],
      ...["delete", "restore", "delete", "erase", "add", "delete", "erase"],
    ]);
    expect(new Set(deeds.map(({ userName, userId }) => `${userName} ${userId}`))).toEqual(
      new Set([`grace ${user.id}`]),
    );
  });
  it("has them by nobody where nobody is signed in", async () => {
    const deeds = await steps({});
    expect(deeds).toHaveLength(16);
    expect(new Set(deeds.map(({ userName, userId }) => `${userName} ${userId}`))).toEqual(new Set([" null"]));
  });
  it("has nothing of what was refused", async () => {
    const id = await todo("old");
    await call(edit, post("/x", { title: " " }), on(id));
    await call(add, post("/todos", { title: "" }));
    expect(await Activity.count()).toBe(0);
  });
});
