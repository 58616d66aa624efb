import { beforeEach, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Todo } from "#models/todo.server";
import type { DeedView } from "~/features/admin/deed-view.server";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "../admin/admin";

let admin: ReturnType<typeof adminOf>;
const first = async () => (await Todo.findOne({ order: ["id"], rejectOnEmpty: true })).id;

beforeEach(async () => {
  admin = adminOf(
    (await signedIn({ username: "boss", isStaff: true, isSuperuser: true })).cookie,
    "todos",
    "todo",
  );
});

it("the history has what was done on the pages of the feature, by the labels and values of the form", async () => {
  const grace = { id: null, username: "grace" };
  await Todo.add(["one"], grace);
  const id = await first();
  await Todo.toggle(id, null);
  await Todo.rename(id, "two", grace);
  const said = async () =>
    (await admin.history(id)).data.deeds.map(
      ({ who, did, how, changes }: DeedView) =>
        `${who} ${did} it ${how}: ${changes.map(({ field, before, after }) => `${field} ${before} → ${after}`)}`,
    );
  expect(await said()).toEqual([
    "grace changed it : Title one → two",
    "Somebody not signed in changed it : Done no → yes",
    "grace added it : Title null → one",
  ]);
  await Todo.moveToTrash(id, grace);
  await Todo.eraseOne(id, grace);
  expect((await said()).slice(0, 2)).toEqual([
    "grace deleted it for good: Title two → null,Done yes → null",
    "grace deleted it : Title two → null,Done yes → null",
  ]);
});
it("the admin restores what was changed on the pages of the feature as well", async () => {
  await admin.add({ title: "one" });
  const id = await first();
  await Todo.rename(id, "two", null);
  await Todo.toggle(id, null);
  const [, , added] = await Activity.of("todo", id);
  expect((await admin.restore(id, added!.id)).status).toBe(303);
  expect(await Todo.find(id)).toMatchObject({ title: "one", done: false });
});
it("a conflict in the admin says who made a field what it is in a conflict, also where that was a page of the feature", async () => {
  await Todo.add(["one"], null);
  const id = await first();
  const mine = await opened(admin, id);
  await Todo.rename(id, "theirs", { id: null, username: "grace" });
  const { data } = await admin.change(id, { ...mine, title: "mine" });
  expect(data.conflict).toMatchObject({ who: "grace", conflicts: [{ theirs: "theirs" }] });
});
