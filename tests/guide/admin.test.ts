import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { heading, signIn } from "../helpers/browser";
import { button, guide, link, shows } from "../helpers/guide";

const inMain = (page: Page, name: string) => page.getByRole("main").getByRole("link", { name, exact: true });
const title = (page: Page) => page.getByLabel("Title");
const rows = (page: Page) => page.locator("tbody tr");
/** The rows of a card of the index. */
const rowsIn = (page: Page, title: string) =>
  page
    .locator("section.card")
    .filter({ has: page.getByRole("heading", { level: 2, name: title }) })
    .getByRole("listitem");
const statusOf = async (page: Page, address: string) => (await page.goto(address))?.status();
async function choose(page: Page, action: string) {
  await page.getByLabel("With those selected").selectOption({ label: action });
  await button(page, "Go").click();
}

/** What everybody signs in with whom the guide makes. */
const passwords: Record<string, string> = {};

guide("admin", {
  1: async ({ start, run }, line, boss, password, commands) => {
    passwords[boss] = password;
    await start(line);
    const said = await run(commands, [
      ["Username", boss],
      ["Email", ""],
      ["Password", password],
      ["Password again", password],
    ]);
    expect(said).toContain("todos: added 120 in todos");
    expect(said).toContain(`${boss} is a superuser now.`);
  },
  2: async (walk, address, login, boss) => {
    const { page, sees } = walk;
    await page.goto(address);
    await page.waitForURL(`**${login}`);
    await signIn(walk, boss, passwords[boss]);
    await heading(walk, "Admin");
    for (const counted of ["Users 7", "Groups 3", "To-dos 120"]) await sees(counted);
    expect(await rowsIn(page, "Recent actions").count()).toBeGreaterThan(0);
  },
  3: async ({ page, sees }, address, up, down) => {
    await inMain(page, "To-dos").click();
    await page.waitForURL(address);
    await sees("120 to-dos");
    expect(await rows(page).count()).toBe(50);
    const head = page.getByRole("columnheader", { name: "Title" }).getByRole("link");
    for (const query of [up, down, ""]) {
      await head.click();
      await expect.poll(() => new URL(page.url()).search).toBe(query);
    }
  },
  4: async ({ page, sees }, words, query, unknown, said) => {
    await page.getByLabel("Search").fill(words);
    await page.getByRole("search").getByLabel("Done").selectOption({ label: "No" });
    await button(page, "Apply").click();
    await page.waitForURL((url) => url.search.startsWith(query));
    await expect.poll(() => rows(page).count()).toBe(8);
    await page.goto(unknown);
    await sees(said);
  },
  5: async ({ page, sees }, address, missing, kettle, added, path) => {
    await page.goto(address);
    await button(page, "Save").click();
    await sees(missing);
    await title(page).fill(kettle);
    await button(page, "Save and continue editing").click();
    await sees(added);
    await page.waitForURL(`**${path}`);
  },
  6: async ({ page }, address, red, blue, conflict, changed) => {
    const tab = await page.context().newPage();
    await tab.goto(address);
    await title(page).fill(red);
    await button(page, "Save").click();
    await shows(page, `Changed the to-do “${red}”.`);
    await title(tab).fill(blue);
    await button(tab, "Save").click();
    await shows(tab, conflict, red, blue);
    expect(await title(tab).inputValue()).toBe(blue);
    await button(tab, "Save").click();
    await shows(tab, changed);
    await tab.close();
  },
  7: async (walk, address, boss, addedIt, restored, head, restoredIt) => {
    const { page, sees } = walk;
    await page.goto(address);
    const deeds = page.locator(".deed h2");
    const changedIt = `${boss} changed it`;
    expect(await deeds.allTextContents()).toEqual(
      [changedIt, changedIt, addedIt].map((text) => expect.stringContaining(text)),
    );
    await sees("Buy a kettle", "Buy a red kettle", "Buy a blue kettle");
    await page
      .locator(".deed")
      .filter({ hasText: addedIt })
      .getByRole("button", { name: "Restore this version" })
      .click();
    await sees(restored);
    await heading(walk, head);
    expect(await deeds.first().textContent()).toContain(restoredIt);
  },
  8: async ({ page, sees }, address, trash, deleted, inTrash) => {
    await page.goto(address);
    await sees(trash);
    await button(page, "Delete").click();
    await sees("Deleted the to-do “Buy a kettle”.");
    await page.goto("/admin/todos/todo/121/history");
    await sees(deleted);
    expect(await button(page, "Restore this version").count()).toBe(0);
    await page.goto(inTrash);
    await sees("Buy a kettle");
  },
  9: async ({ page, sees }, address, refused) => {
    await page.goto(address);
    await sees("These are deleted with it 1 session", "These stay, and no longer refer to it 5 ");
    await button(page, "Delete").click();
    await sees(refused);
  },
  10: async ({ page, sees }, address, asked, changed) => {
    await page.goto(address);
    await sees("80 to-dos");
    for (const index of [0, 1]) await rows(page).nth(index).getByRole("checkbox").check();
    await choose(page, "Mark the selected to-dos as done");
    await sees(asked);
    await button(page, "Yes, do it").click();
    await sees(changed);
    await page.waitForURL(address);
    await sees("78 to-dos");
  },
  11: async ({ page, sees }, all, asked) => {
    await page.goto("/admin/todos/todo?done=no");
    await page.getByLabel(all).check();
    await choose(page, "Delete the selected to-dos");
    await sees(asked);
    await link(page, "Cancel").click();
    await sees("78 to-dos");
  },
  12: async ({ page }, address, name) => {
    await page.goto(address);
    const [file] = await Promise.all([page.waitForEvent("download"), link(page, "Download CSV").click()]);
    expect(file.suggestedFilename()).toBe(name);
    expect(
      readFileSync(await file.path(), "utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(1 + 11);
  },
  13: async (walk, address, admin) => {
    const { page } = walk;
    await page.goto(address);
    await heading(walk, admin);
    expect(await page.getByRole("main").getByRole("checkbox", { checked: true }).count()).toBe(0);
    for (const action of ["view", "change"]) await page.getByLabel(`${action}_todo`, { exact: true }).check();
    await button(page, "Save").click();
    await shows(page, `Changed the group “${admin}”.`);
  },
  14: async ({ page, sees }, address, second, password, added, admin, changed) => {
    passwords[second] = password;
    await page.goto(address);
    await page.getByLabel("Username").fill(second);
    for (const field of await page.locator("main [type=password]").all()) await field.fill(password);
    await button(page, "Save and continue editing").click();
    await sees(added);
    await page.getByLabel("Staff", { exact: true }).check();
    await page.getByRole("group", { name: "Groups" }).getByLabel(admin).check();
    await button(page, "Save").click();
    await sees(changed);
  },
  15: async ({ page, other, sees }, address, second, todo, users, missing, sessions, ended) => {
    await other.goto(address);
    await signIn({ page: other }, second, passwords[second]);
    await heading({ page: other }, "Admin");
    await inMain(other, "To-dos").click();
    await heading({ page: other }, "To-dos");
    expect(await inMain(other, "Add to-do").count()).toBe(0);
    await other.goto(address);
    expect(await rowsIn(other, "To-dos").count()).toBe(1);
    expect(await other.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "To-dos",
      "Recent actions",
    ]);
    for (const forbidden of [todo, users]) {
      expect(await statusOf(other, forbidden)).toBe(404);
      await shows(other, missing);
    }
    await page.goto(sessions);
    await button(page, "End all").click();
    await sees(ended);
    await other.goto(address);
    await heading({ page: other }, "Sign in");
  },
  16: async ({ withoutJavaScript }) => {
    await withoutJavaScript("/admin", 11, 12);
  },
  17: async ({ run }, commands) => {
    const lines = (await run(commands)).trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\W*"?id"?,"?Title"?/i);
    for (const line of lines.slice(1)) expect(line).toMatch(/badge/i);
  },
  18: async ({ run }, refused, commands) => {
    const said = await run(commands);
    expect(said).toContain("label: 'second'");
    expect(said).toContain(refused);
  },
  19: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
