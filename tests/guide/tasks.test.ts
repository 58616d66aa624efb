import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp } from "../helpers/guide";
import type { Terminal } from "../helpers/terminal";

const row = (page: Page, title: string) => page.getByRole("listitem").filter({ hasText: title }).first();
const press = (page: Page, name: string) => button(page, name).click();
const task = (page: Page) => page.getByLabel("Task", { exact: true });
const daysAgo = (days: number) =>
  new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

async function add(page: Page, title: string, dueOn = "") {
  await task(page).fill(title);
  await page.getByLabel("Due").fill(dueOn);
  await press(page, "Add");
  await page.getByRole("status").getByText(`Added “${title}”.`).waitFor();
}

/** Waits until the page says by itself, or says when it is reloaded. */
const comes = (page: Page, scripted: boolean, text: string, times = 1) =>
  expect
    .poll(async () => {
      if (!scripted) await page.reload();
      return page.getByText(text, { exact: true }).count();
    })
    .toBe(times);

/** The terminal of the worker, and what it was started with. */
let worker: Terminal;
let work: string;
const RUNS = /Running jobs/;

guide("tasks", {
  1: async ({ page, start, sees }, line, address, counts) => {
    await start(line);
    await page.goto(address);
    await sees(counts);
  },
  2: async ({ page }, bolts, lease) => {
    await add(page, bolts);
    await add(page, lease, daysAgo(7));
    const first = page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ has: page.getByRole("button") })
      .first();
    await first.getByText(lease).waitFor();
    await first.getByText("Overdue").waitFor();
  },
  3: async ({ page, sees }, bolts, completed) => {
    await row(page, bolts).getByRole("button", { name: "Complete" }).click();
    await sees(completed);
    await button(page, "Undo").waitFor();
  },
  4: async ({ page }, bolts, queued) => {
    await link(page, "Done").click();
    await page.waitForURL("**/tasks?show=done");
    await link(page, bolts).first().click();
    await expect
      .poll(() => page.locator('[aria-current="step"]').innerText())
      .toContain(queued.replace("1. ", ""));
  },
  5: async ({ page, scripted, openTerminal }, commands, done, told) => {
    worker ??= openTerminal();
    work = commands;
    await worker.begin(work, RUNS);
    await comes(page, scripted, told);
    expect(await page.locator('[aria-current="step"]').innerText()).toContain(done.replace("3. ", ""));
  },
  6: async ({ page, scripted, sees }) => {
    await press(page, "Reopen");
    await sees("Reopened “Order bolts”.");
    await press(page, "Complete");
    await comes(page, scripted, "“Order bolts” was completed.", 2);
  },
  7: async ({ page, sees }) => {
    await press(page, "Delete");
    await sees("Deleted “Order bolts”.");
    await button(page, "Undo").waitFor();
  },
  8: async ({ withoutJavaScript }, address) => {
    await worker.interrupt();
    await withoutJavaScript(address, 2, 7);
  },
  9: async (walk, lease) => {
    const { page, sees } = walk;
    await setUp(walk);
    const bell = (news: string) => page.getByRole("link", { name: `Notifications, ${news}` });
    await bell("none new").waitFor();
    await page.goto("/tasks");
    await row(page, lease).getByRole("button", { name: "Complete" }).click();
    await sees(`Completed “${lease}”.`);
    await expect.poll(async () => (await page.reload()) && bell("1 new").count()).toBe(1);
    await bell("1 new").click();
    await sees(`“${lease}” was completed by boss.`);
    await press(page, "Mark all as read");
    await bell("none new").waitFor();
  },
  10: async ({ page }) => {
    await page.goto("/tasks");
    await page.getByLabel("Assignee").selectOption({ label: "boss" });
    await add(page, "Mine alone");
    await link(page, "Mine").click();
    await page.waitForURL("**/tasks?show=mine");
    expect(await page.locator("main li > span > a").allTextContents()).toEqual(["Mine alone"]);
  },
  11: async ({ run }, commands) => {
    expect(await run(commands)).toBe("<span>“Only once” was completed.</span>\n");
  },
  12: async ({ run }, commands) => {
    const events = await run(commands);
    expect(events.match(/^data:/gm)).toHaveLength(1);
    expect(events).toContain("done");
  },
  13: async ({ run, server }, commands) => {
    await worker.interrupt();
    await run(commands);
    await server.ended();
  },
  14: async ({ run, start }, commands) => {
    await start();
    await worker.begin(work, RUNS);
    expect(await run(commands)).toBe("<span>“Survivor” was completed.</span>\n");
  },
  15: async ({ run }, commands) => {
    const said = await run(commands);
    expect(said).toContain("tasks: added 60 in tasks");
    expect(said).toContain("tasks: nothing to add");
  },
  16: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await worker.interrupt();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
