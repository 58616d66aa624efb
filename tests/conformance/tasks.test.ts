/** Assignment 04: tasks, and what is done in the background when one is completed. */
import { afterAll, expect, it } from "vitest";
import { superuser, tag, tidy, visitor } from "./site";
import type { Page } from "./visitor";

const title = `Sweep the yard ${tag}`;
const other = `Count the bolts ${tag}`;
const somebody = visitor();
let list: Page;
afterAll(() => tidy(superuser(), "/admin/tasks/task"));

/** The page of the list that a task is on: those of other people may come first. */
async function listing(name: string): Promise<Page> {
  let page = await somebody.open("/tasks");
  while (page.rows(name).length === 0 && page.hasLink("Next")) page = await page.follow("Next");
  return page;
}
/** The page of a task, as it is now. */
const open = (name: string) => somebody.request(list.row(name).linkTo(name));
/** What others were told of it. */
const told = async (name: string) => (await open(name)).rows(name).map(({ text }) => text);

it("1. the form adds several tasks", async () => {
  for (const name of [title, other]) {
    const page = await (await somebody.open("/tasks")).press("Add", { title: name });
    expect([page.redirects, page.message]).toEqual([[303], `Added “${name}”.`]);
  }
  list = await listing(title);
  expect([list.rows(title).length, list.rows(other).length]).toEqual([1, 1]);
});
it("2. “Complete” redirects, and the task is done", async () => {
  const page = await list.row(title).press("Complete");
  expect([page.redirects, page.status, page.path]).toEqual([[303], 200, "/tasks"]);
  expect(page.message).toContain(`Completed “${title}”.`);
  expect((await listing(title)).rows(title)).toEqual([]);
  expect((await open(title)).find("h1 + p").text).toBe("Done");
});
it("3. others are told of it in the background", async () => {
  await expect.poll(() => told(title)).toHaveLength(1);
});
it("3. completed once more, from a page that is old, it stays done, and nobody is told twice", async () => {
  const page = await list.row(title).press("Complete");
  expect([page.redirects, page.message]).toEqual([[303], `“${title}” was completed already.`]);
  // Whoever was to be told of it would be before they are told of the next.
  await list.row(other).press("Complete");
  await expect.poll(() => told(other)).toHaveLength(1);
  expect(await told(title)).toHaveLength(1);
});
