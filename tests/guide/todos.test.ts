import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link } from "../helpers/guide";

const row = (page: Page, title: string) => page.getByRole("listitem").filter({ hasText: title });
const titles = (page: Page) => page.locator("main li > :is(label, span)").allTextContents();
const lists = (page: Page) => expect.poll(() => titles(page));

/** Types into the field for new to-dos as a paste does, and sends it. */
async function add(page: Page, text: string, scripted: boolean) {
  await page.getByRole("textbox", { name: "New to-do" }).focus();
  await page.keyboard.insertText(text);
  if (scripted) await page.keyboard.press("Enter");
  else await button(page, "Add").click();
  await row(page, text.split("\n")[0]!).first().waitFor();
}

guide("todos", {
  1: async ({ page, start, sees }, line, address, counts, empty) => {
    await start(line);
    await page.goto(address);
    await sees(counts, empty);
  },
  2: async ({ page, scripted, sees }, milk, letter) => {
    await add(page, milk, scripted);
    await add(page, letter, scripted);
    await sees("2 items left");
    await lists(page).toEqual([letter, milk]);
  },
  3: async ({ page, sees }, milk, counts) => {
    await button(page, milk).click();
    await sees(counts);
    await page.getByText(milk).click();
    await sees("2 items left");
    await button(page, milk).click();
    await sees(counts);
  },
  4: async ({ page }, address, letter) => {
    await link(page, "Active").click();
    await page.waitForURL(`**${address}`);
    await lists(page).toEqual([letter]);
    await link(page, "All").click();
    await page.waitForURL("**/todos");
  },
  5: async ({ page, scripted }, letter) => {
    const edit = () => row(page, letter).getByRole("link", { name: "Edit" });
    const title = page.getByRole("textbox", { name: "Title" });
    await edit().click();
    await title.fill(`${letter} today`);
    await title.press("Enter");
    await title.waitFor({ state: "detached" });
    await lists(page).toContain(`${letter} today`);
    if (scripted) {
      await edit().click();
      await title.press("Escape");
      await title.waitFor({ state: "detached" });
    }
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      edit().click({ modifiers: ["ControlOrMeta"] }),
    ]);
    await tab.waitForURL(/\/todos\/\d+\/edit/);
    expect(await tab.getByRole("textbox", { name: "Title" }).inputValue()).toBe(`${letter} today`);
    await tab.close();
  },
  6: async ({ page, sees }, milk, deleted) => {
    const before = await titles(page);
    await row(page, milk).getByRole("button", { name: "Delete" }).click();
    await sees(deleted);
    await lists(page).not.toContain(milk);
    await button(page, "Undo").click();
    await row(page, milk).waitFor();
    await lists(page).toEqual(before);
    await expect.poll(() => button(page, milk).getAttribute("aria-pressed")).toBe("true");
    await page.reload();
    await expect.poll(() => page.getByRole("status").textContent()).toBe("");
  },
  7: async ({ page, scripted, sees }, added) => {
    const lines = ["one", "two", "three"];
    await add(page, lines.join("\n"), scripted);
    await sees(added);
    await expect.poll(async () => (await titles(page)).slice(0, 3)).toEqual(lines);
  },
  8: async ({ page, sees }) => {
    const before = await titles(page);
    await button(page, "Complete all").click();
    await sees("0 items left, 5 completed");
    await button(page, "Clear completed").click();
    await sees("0 items left, 0 completed", "Deleted 5 completed to-dos.");
    await button(page, "Undo").click();
    await sees("0 items left, 5 completed");
    await lists(page).toEqual(before);
  },
  9: async ({ page, sees }, empty) => {
    await button(page, "Clear completed").click();
    await sees("0 items left, 0 completed");
    await link(page, "Trash").click();
    await sees("5 to-dos, kept for 30 days");
    await expect.poll(() => page.getByRole("button", { name: "Restore" }).count()).toBe(5);
    await row(page, "two").getByText("Delete for good").click();
    await row(page, "two").getByRole("button", { name: "Yes, for good" }).click();
    await sees("4 to-dos, kept for 30 days");
    await page.getByText("Empty trash").click();
    await button(page, "Delete 4 to-dos for good").click();
    await sees(empty);
  },
  10: async ({ withoutJavaScript }, address) => {
    await withoutJavaScript(address, 2, 9);
  },
  11: async ({ run }, commands, status, location) => {
    const answer = await run(commands);
    expect(answer).toContain(status);
    expect(answer).toContain(location);
  },
  12: async ({ run }, attribute, commands) => {
    expect(await run(commands)).toBe(`303\n${attribute}="true"\n`);
  },
  13: async ({ run }, commands) => {
    expect(await run(commands)).toBe('aria-pressed="true"\n');
  },
  14: async ({ run }, cookie, commands) => {
    const answer = await run(commands);
    expect(answer).toMatch(/^HTTP\/1.1 303 .*\nlocation: \/todos\n/i);
    expect(answer.toLowerCase()).toContain(`set-cookie: ${cookie.replace("…", "")}`);
  },
  15: async ({ stop, start, run }, commands) => {
    await stop();
    await start();
    expect(await run(commands)).toBe('303\naria-pressed="true"\n');
  },
  16: async ({ page, run, sees }, commands, second, beyond, zero, letter) => {
    const said = await run(commands);
    expect(said).toContain("todos: added 120 in todos");
    expect(said).toContain("todos: nothing to add");
    await page.goto(second);
    await sees("Page 2 of 3");
    for (const [query, shown] of [
      [beyond, "Page 3 of 3"],
      [zero, "Page 1 of 3"],
      [letter, "Page 1 of 3"],
    ]) {
      await page.goto(`/todos${query}`);
      await sees(shown!);
    }
  },
  17: async ({ run }, commands) => {
    const said = await run(commands);
    expect(said).toContain("{ active: 80, completed: 41 }");
    expect(said).toMatch(/^\/todos\/:id\/toggle +features\/todos\/toggle.ts$/m);
  },
  18: async ({ stop, run, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
