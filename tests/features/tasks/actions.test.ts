import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Job } from "#models/job.server";
import { Notification } from "#models/notification.server";
import { Task } from "#models/task.server";
import { User } from "#models/user.server";
import { action as complete } from "~/features/tasks/complete";
import { action as remove } from "~/features/tasks/delete";
import { action as edit, loader as editPage } from "~/features/tasks/edit";
import { action as erase } from "~/features/tasks/erase";
import { loader as events } from "~/features/tasks/events";
import { jobs } from "~/features/tasks/feature.server";
import { action as add, loader as list } from "~/features/tasks/list";
import { action as reopen } from "~/features/tasks/reopen";
import { action as restore } from "~/features/tasks/restore";
import { loader as taskPage } from "~/features/tasks/task";
import { loader as trashPage } from "~/features/tasks/trash";
import { Worker } from "~/services/worker.server";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";

const task = async (values: Partial<{ title: string; completed: boolean; dueOn: string }> = {}) =>
  (await Task.create({ title: "x", ...values })).id;
const on = (id: number | string) => ({ id: String(id) });
const send = (action: typeof add, id: number, headers: HeadersInit = {}, query = "") =>
  call(action, post(`/tasks/${id}/x${query}`, {}, headers), on(id));
const seen = async (id: number, headers = {}) =>
  (await call(taskPage, get(`/tasks/${id}`, headers), on(id))).data;

/** Runs the jobs that wait, until none is under way. */
async function work() {
  const worker = new Worker(() => jobs as never, { poll: 20 });
  await worker.start();
  await expect.poll(async () => (await Job.counts()).queued + (await Job.counts()).running).toBe(0);
  await worker.stop();
}

describe("every URL of one task", () => {
  const handlers = { complete, reopen, delete: remove, restore, erase, edit };
  const pages = { editPage, taskPage, events };
  const bad = ["abc", "0", "99999999999999999999", "4711", "-1", "1.5", "1\u0000"];
  it.each(Object.entries(handlers).flatMap(([verb, action]) => bad.map((id) => [verb, id, action] as const)))(
    "%s of the id %j is a 404",
    async (_, id, action) => {
      expect((await call(action, post("/tasks/x", { title: "t" }), on(id))).status).toBe(404);
    },
  );
  it.each(Object.entries(pages).flatMap(([name, loader]) => bad.map((id) => [name, id, loader] as const)))(
    "%s of the id %j is a 404",
    async (_, id, loader) => {
      expect((await call(loader, get("/tasks/x"), on(id))).status).toBe(404);
    },
  );
  it("is a 404 of a task in the trash", async () => {
    const id = await task();
    await Task.moveToTrash(id, null);
    for (const loader of Object.values(pages))
      expect((await call(loader, get("/x"), on(id))).status).toBe(404);
    for (const action of [complete, reopen, remove, edit])
      expect((await call(action, post("/x", { title: "t" }), on(id))).status).toBe(404);
  });
  it.each([
    ["", (id: number) => `/tasks#task-${id}`],
    ["?show=mine&page=3", (id: number) => `/tasks?show=mine&page=3#task-${id}`],
    ["?show=done&at=7&next=//evil", () => "/tasks?show=done#task-7"],
    ["?at=evil", () => "/tasks"],
    ["?from=page", (id: number) => `/tasks/${id}`],
  ])("complete at %j returns to where it was pressed", async (query, back) => {
    const id = await task();
    const { status, headers } = await send(complete, id, {}, query);
    expect([status, headers.get("Location")]).toEqual([303, back(id)]);
  });
});

describe("adding", () => {
  let Cookie: string;
  beforeEach(async () => {
    ({ cookie: Cookie } = await signedIn({ displayName: "Ada Lovelace" }));
  });
  it("takes a title, a day and a person, and says so", async () => {
    const fields = { title: " Order bolts ", due_on: "2026-01-31", assignee: "ada" };
    const answer = await call(add, post("/tasks?show=mine", fields, { Cookie }));
    const { id } = await Task.findOne({ rejectOnEmpty: true });
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/tasks?show=mine#task-${id}`]);
    expect(await flashOf(answer)).toMatchObject({ text: "Added “Order bolts”." });
    expect(await Task.find(id)).toMatchObject({
      title: "Order bolts",
      dueOn: "2026-01-31",
      assignee: "Ada Lovelace",
    });
  });
  it("needs no login, and nothing but a title", async () => {
    expect((await call(add, post("/tasks", { title: "a" }))).status).toBe(303);
    expect(await Task.findOne({ raw: true })).toMatchObject({ title: "a", assigneeId: null, dueOn: null });
  });
  it.each([
    [{ title: " " }, "title", "Enter what is to be done"],
    [{}, "title", "Enter what is to be done"],
    [{ title: "a\u0000b" }, "title", "Title must not contain the character NUL"],
    [{ title: "x".repeat(201) }, "title", "Title must be 200 characters or fewer; it has 201"],
    [{ title: "a", due_on: "2026-02-30" }, "due_on", "Due date must be a date like 2026-01-31"],
    [{ title: "a", due_on: "\u0000" }, "due_on", "Due date must be a date like 2026-01-31"],
    [
      { title: "a", assignee: "nobody" },
      "assignee",
      "There is nobody of this username who can be given work",
    ],
    [
      { title: "a", assignee: "a\u0000" },
      "assignee",
      "There is nobody of this username who can be given work",
    ],
  ])("refuses %j and keeps what was typed", async (fields, name, message) => {
    const { status, data } = await call(add, post("/tasks", fields as Record<string, string>, { Cookie }));
    expect([status, data.problem]).toEqual([422, { values: fields, errors: [{ name, message }] }]);
    expect(await Task.count()).toBe(0);
  });
  it("lets nobody who is not signed in give work to somebody, nor tells them who has an account", async () => {
    for (const assignee of ["ada", "nobody"]) {
      const { status, data } = await call(add, post("/tasks", { title: "a", assignee }));
      expect([status, data.problem.errors]).toEqual([
        422,
        [{ name: "assignee", message: "Sign in to give a task to somebody" }],
      ]);
    }
    expect((await call(list, get("/tasks"))).data.people).toBeUndefined();
    expect((await call(list, get("/tasks", { Cookie }))).data.people).toEqual([
      { username: "ada", name: "Ada Lovelace" },
    ]);
  });
});

describe("the list", () => {
  it("counts, filters and pages by its URL", async () => {
    await Task.bulkCreate(
      Array.from({ length: 60 }, (_, n) => ({ title: `t${n}`, dueOn: n < 3 ? "2020-01-01" : null })),
    );
    await task({ title: "done", completed: true });
    const { data } = await call(list, get("/tasks?page=2"));
    expect(data).toMatchObject({
      show: "open",
      counts: { open: 60, overdue: 3, done: 1 },
      page: { number: 2, pages: 2 },
    });
    expect(data.tasks).toHaveLength(10);
    expect((await call(list, get("/tasks?show=overdue"))).data.tasks).toHaveLength(3);
    expect((await call(list, get("/tasks?show=done"))).data.tasks).toMatchObject([{ title: "done" }]);
    expect((await call(list, get("/tasks?show=nonsense&page=x"))).data).toMatchObject({
      show: "open",
      page: { number: 1 },
    });
  });
  it("of one's own asks who one is, and leads back", async () => {
    const { headers } = await call(list, get("/tasks?show=mine"));
    expect(headers.get("Location")).toBe("/accounts/login?next=%2Ftasks%3Fshow%3Dmine");
    const { cookie, user } = await signedIn();
    await Task.create({ title: "mine", assigneeId: user.id });
    await task({ title: "other" });
    const { data } = await call(list, get("/tasks?show=mine", { Cookie: cookie }));
    expect([data.page.total, data.tasks]).toMatchObject([1, [{ title: "mine" }]]);
  });
});

describe("editing", () => {
  it("changes title, day and person, and returns to where it was opened", async () => {
    const { cookie } = await signedIn();
    const id = await task({ title: "old", dueOn: "2026-01-31" });
    const { data } = await call(editPage, get(`/tasks/${id}/edit?show=mine`, { Cookie: cookie }), on(id));
    expect(data).toMatchObject({
      task: { title: "old", dueOn: "2026-01-31" },
      back: `/tasks?show=mine#task-${id}`,
    });
    const fields = { title: "new", due_on: "", assignee: "ada" };
    const answer = await call(edit, post(`/tasks/${id}/edit?from=page`, fields, { Cookie: cookie }), on(id));
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/tasks/${id}`]);
    expect(await Task.find(id)).toMatchObject({ title: "new", dueOn: null, username: "ada" });
  });
  it("by nobody who is signed in leaves the person as they are", async () => {
    const ada = await User.add({ username: "ada" });
    const { id } = await Task.create({ title: "old", assigneeId: ada.id });
    await call(edit, post("/x", { title: "new" }), on(id));
    expect(await Task.find(id)).toMatchObject({ title: "new", username: "ada" });
  });
  it("what somebody else has written meanwhile is a 409 that shows theirs and keeps mine; the second try takes its place", async () => {
    const { cookie } = await signedIn();
    const id = await task({ title: "old", dueOn: "2026-01-31" });
    const opened = await call(editPage, get("/x", { Cookie: cookie }), on(id));
    const send = (fields: object) => call(edit, post("/x", { ...fields }, { Cookie: cookie }), on(id));
    await Task.edit(id, { title: "theirs", assignee: "ada", dueOn: "2026-01-31" }, null);
    await Task.complete(id, null, async () => {});
    const mine = { title: "mine", due_on: "2026-01-31", assignee: "", version: opened.data.task.version };
    const { status, data } = await send(mine);
    expect([status, data.problem.errors.map(({ name }: { name: string }) => name)]).toEqual([
      409,
      ["theirs"],
    ]);
    expect(data.problem.values).toMatchObject({
      title: "mine",
      "theirs-title": "theirs",
      "theirs-assignee": "ada",
    });
    expect(data.problem.values).not.toHaveProperty("theirs-due_on");
    expect(await Task.find(id)).toMatchObject({ title: "theirs", username: "ada" });
    expect((await send(data.problem.values)).status).toBe(303);
    expect(await Task.find(id)).toMatchObject({ title: "mine", username: null, completed: true });
  });
  it("is no conflict where it was only completed meanwhile", async () => {
    const id = await task({ title: "old" });
    const { version } = (await Task.find(id))!;
    await Task.complete(id, null, async () => {});
    expect((await call(edit, post("/x", { title: "new", version }), on(id))).status).toBe(303);
  });
  it("tells nobody who is not signed in to whom a task was given meanwhile", async () => {
    const id = await task({ title: "old" });
    const { version } = (await Task.find(id))!;
    await User.add({ username: "ada" });
    await Task.edit(id, { title: "old", assignee: "ada", dueOn: null }, null);
    const { status, data } = await call(edit, post("/x", { title: "new", version }), on(id));
    expect([status, data.problem.values["theirs-assignee"]]).toEqual([409, undefined]);
  });
  it("refused keeps what was typed and changes nothing", async () => {
    const id = await task({ title: "old" });
    const { status, data } = await call(edit, post("/x", { title: "", due_on: "soon" }), on(id));
    expect([status, data.problem.values]).toEqual([422, { title: "", due_on: "soon" }]);
    expect(data.problem.errors.map(({ name }: { name: string }) => name)).toEqual(["title", "due_on"]);
    expect((await Task.find(id))?.title).toBe("old");
  });
});

describe("completing", () => {
  it("answers at once, with a job waiting, and offers to reopen", async () => {
    const id = await task({ title: "a" });
    const answer = await send(complete, id, {}, "?show=overdue");
    const flash = await flashOf(answer);
    expect(flash?.text).toBe("Completed “a”.");
    expect(await Job.findAll()).toMatchObject([{ name: "notify-task-completed", status: "queued" }]);
    expect(await Notification.count()).toBe(0);
    expect((await seen(id)).progress).toMatchObject({ state: "queued", attempts: 0 });
    const reopened = await call(reopen, post(flash!.action!.path), on(id));
    expect(reopened.headers.get("Location")).toBe(`/tasks?show=overdue#task-${id}`);
    expect(await flashOf(reopened)).toMatchObject({ text: "Reopened “a”." });
  });
  it("on the page of the task leads back to it, and so does its Undo", async () => {
    const id = await task({ title: "a" });
    const answer = await send(complete, id, {}, "?from=page");
    expect(answer.headers.get("Location")).toBe(`/tasks/${id}`);
    const undone = await call(reopen, post((await flashOf(answer))!.action!.path), on(id));
    expect(undone.headers.get("Location")).toBe(`/tasks/${id}`);
  });
  it("a second time does nothing and says so", async () => {
    const id = await task({ title: "a" });
    await send(complete, id);
    expect(await flashOf(await send(complete, id))).toEqual({
      kind: "success",
      text: "“a” was completed already.",
    });
    expect(await Job.count()).toBe(1);
    await send(reopen, id);
    expect(await flashOf(await send(reopen, id))).toEqual({ kind: "success", text: "“a” was open already." });
  });
  it("a hundred times at once makes one job and one notification", async () => {
    const id = await task({ title: "a" });
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(complete, id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(await Job.count()).toBe(1);
    await work();
    expect(await Notification.findAll()).toMatchObject([
      { text: "“a” was completed.", path: `/tasks/${id}`, userId: null },
    ]);
  });
  it("tells by whom, and on the task's page that it is done and what was told", async () => {
    const { cookie } = await signedIn({ displayName: "Somebody Else" });
    const id = await task({ title: "a" });
    await send(complete, id, { Cookie: cookie });
    await work();
    const { task: found, progress, told } = await seen(id);
    expect(found).toMatchObject({ completed: true });
    expect(progress).toMatchObject({ state: "done", attempts: 1, finishedAt: expect.any(Date) });
    expect(told).toMatchObject([{ text: "“a” was completed by ada." }]);
  });
  it("again after reopening notifies again", async () => {
    const id = await task();
    for (const action of [complete, reopen, complete]) await send(action, id);
    expect((await seen(id)).progress).toMatchObject({ state: "queued" });
    await work();
    expect([await Job.count(), await Notification.count()]).toEqual([2, 2]);
    expect((await seen(id)).told).toHaveLength(2);
  });
  it("notifies though the task is deleted before the job runs", async () => {
    const id = await task({ title: "a" });
    await send(complete, id);
    await send(remove, id);
    await work();
    expect(await Notification.count()).toBe(1);
  });
  it("that cannot be told is shown as failed, the reason to staff alone", async () => {
    const id = await task();
    await send(complete, id);
    const errors = [{ attempt: 5, at: new Date().toISOString(), message: "inside" }];
    await Job.update({ status: "failed", attempts: 5, errors }, { where: {} });
    expect((await seen(id)).progress).toMatchObject({ state: "failed", attempts: 5, error: null });
    const { cookie } = await signedIn({ isStaff: true });
    expect((await seen(id, { Cookie: cookie })).progress.error).toBe("inside");
  });
  it("is in the history by who did it", async () => {
    const { cookie } = await signedIn({ username: "grace" });
    const id = await task();
    await send(complete, id, { Cookie: cookie });
    expect(await Activity.of("task", id)).toMatchObject([{ deed: "change", userName: "grace" }]);
  });
});

describe("deleting", () => {
  it("offers Undo, which brings the task back to its place", async () => {
    const id = await task({ title: "a" });
    const answer = await send(remove, id, {}, "?show=overdue&at=5");
    expect(answer.headers.get("Location")).toBe("/tasks?show=overdue#task-5");
    const flash = await flashOf(answer);
    expect(flash?.text).toBe("Deleted “a”.");
    const restored = await call(restore, post(flash!.action!.path), on(id));
    expect(restored.headers.get("Location")).toBe(`/tasks?show=overdue#task-${id}`);
    expect(await Task.find(id)).toMatchObject({ title: "a" });
  });
  it("fills a trash, from which one restores and stays there", async () => {
    const id = await task({ title: "a" });
    await send(remove, id);
    const { data } = await call(trashPage, get("/tasks/trash"));
    expect([data.page.total, data.rows]).toMatchObject([1, [{ title: "a" }]]);
    const { headers } = await send(restore, id, {}, "?from=trash");
    expect(headers.get("Location")).toBe("/tasks/trash");
  });
  it("gives up for good what is in the trash, and nothing else", async () => {
    const id = await task({ title: "a" });
    expect((await send(erase, id)).status).toBe(404);
    await send(remove, id);
    const answer = await send(erase, id, {}, "?from=trash");
    expect(answer.headers.get("Location")).toBe("/tasks/trash");
    expect(await flashOf(answer)).toMatchObject({ text: "Deleted “a” for good." });
    expect(await Task.count({ paranoid: false })).toBe(0);
  });
});
