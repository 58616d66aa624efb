/** Assignment 01: the to-do list. */
import { expect, it } from "vitest";
import { superuser, tag, tidy, visitor } from "./site";

const ADMIN = "/admin/todos/todo";
const title = `Buy milk & <b>bread</b> ${tag}`;
const somebody = visitor();

const list = () => somebody.open("/todos");
const isDone = async () => (await list()).row(title).button(title).getAttribute("aria-pressed");

it("1. the page has a form, and a list in which this to-do is not yet", async () => {
  const page = await list();
  expect([page.status, page.find("h1").text]).toEqual([200, "To-dos"]);
  expect(page.button("Add").form?.method).toBe("post");
  expect(page.rows(title)).toEqual([]);
});
it("2. a title that is sent is on the page that comes, which is one to refresh", async () => {
  const page = await (await list()).press("Add", { title });
  expect([page.redirects, page.status, page.path]).toEqual([[303], 200, "/todos"]);
  expect(page.rows(title)).toHaveLength(1);
  expect((await list()).rows(title)).toHaveLength(1);
});
it("2. a blank one is refused with the reason", async () => {
  const page = await (await list()).press("Add", { title: "   " });
  expect([page.redirects, page.status]).toEqual([[], 422]);
  expect(page.text).toContain("There is a problem");
});
it("3. toggling marks it as done, and toggling again as not done", async () => {
  expect(await isDone()).toBe("false");
  await (await list()).row(title).press(title);
  expect(await isDone()).toBe("true");
  await (await list()).row(title).press(title);
  expect(await isDone()).toBe("false");
});
it("4. deleting takes it off the list", async () => {
  const page = await (await list()).row(title).press("Delete");
  expect([page.redirects, page.path]).toEqual([[303], "/todos"]);
  expect((await list()).rows(title)).toEqual([]);
});
it("5. the superuser adds, changes and deletes to-dos in the admin", async () => {
  const admin = superuser();
  await (await admin.open(`${ADMIN}/add`)).press("Save", { title });
  expect(await isDone()).toBe("false");
  const form = await (await admin.open(`${ADMIN}?q=${tag}`)).follow(title);
  await form.press("Save", { done: "on" });
  expect(await isDone()).toBe("true");
  await tidy(admin, ADMIN);
  expect((await list()).rows(title)).toEqual([]);
});
it("5. nobody else gets in there", async () => {
  const page = await somebody.open(ADMIN);
  expect([page.redirects, page.path]).toEqual([[302], "/accounts/login"]);
});
