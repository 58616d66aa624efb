import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp } from "../helpers/guide";

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const names = (page: Page) => page.locator(".items td:first-child a").allTextContents();
const isAt = (page: Page, path: string) => page.waitForURL(`**${path}`);

/** What follows by itself with JavaScript, and by the button without. */
async function search(page: Page, text: string, scripted: boolean) {
  await page.getByRole("searchbox").fill(text);
  if (!scripted) await button(page, "Search").click();
}

guide("inventory", {
  1: async (walk, line, address, name, sku) => {
    const { page, start, sees } = walk;
    await start(line);
    await setUp(walk);
    await page.goto(address);
    for (const [label, text] of [
      ["Name", name],
      ["SKU", sku],
      ["Quantity", "5"],
      ["Low at", "20"],
    ])
      await field(page, label!).fill(text!);
    await button(page, "Save").click();
    await sees(`Added the item “${name}”.`);
  },
  2: async ({ run }, commands) => {
    expect(await run(commands)).toContain("100 in items");
  },
  3: async ({ page, sees }, address, next, second) => {
    await page.goto(address);
    await sees("101 items");
    expect(await names(page)).toHaveLength(20);
    await link(page, next).click();
    await sees(second);
  },
  4: async ({ page, scripted, sees }, words, path, found) => {
    await search(page, words, scripted);
    await sees(found);
    // A form without JavaScript sends its empty fields as well.
    if (scripted) await isAt(page, path);
    await link(page, "Next").click();
    await sees("Page 2 of 2");
    expect(await page.getByRole("searchbox").inputValue()).toBe(words);
    expect(await names(page)).toHaveLength(11);
    while (new URL(page.url()).searchParams.has("q")) await page.goBack();
    await sees("101 items");
    expect(await page.getByRole("searchbox").inputValue()).toBe("");
  },
  5: async ({ page, scripted, sees }, percent, nothing, zero, negative, letter, beyond) => {
    await search(page, percent, scripted);
    await sees(nothing);
    for (const [query, shown] of [
      [zero, "Page 1 of 6"],
      [negative, "Page 1 of 6"],
      [letter, "Page 1 of 6"],
      [beyond, "Page 6 of 6"],
    ]) {
      await page.goto(`/inventory${query}`);
      await sees(shown!);
    }
  },
  6: async ({ page, other, scripted }) => {
    await page.goto("/inventory");
    await field(page, "Low stock").check();
    if (!scripted) await button(page, "Search").click();
    await page.waitForURL(/[?&]low=1/);
    await link(page, "Quantity").click();
    await page.waitForURL(/[?&]sort=quantity/);
    await page.locator('[aria-sort="ascending"]', { hasText: "Quantity" }).waitFor();
    const shown = await names(page);
    expect(shown.length).toBeGreaterThan(2);
    await other.goto(page.url());
    expect(await names(other)).toEqual(shown);
    expect(await field(other, "Low stock").isChecked()).toBe(true);
  },
  7: async ({ page, sees }, name, order, received, tooMany, refused, counted) => {
    const book = async (way: string, quantity: string, reference = "") => {
      await field(page, "Movement").selectOption(way);
      await field(page, "Quantity").fill(quantity);
      await field(page, "Reference").fill(reference);
      await button(page, "Book").click();
    };
    await page.goto("/inventory?q=blt-blue");
    await link(page, name).click();
    await page.getByRole("heading", { level: 2, name }).waitFor();
    await book("Receive", "100", order);
    await sees(received);
    await book("Issue", tooMany);
    await sees(refused);
    expect(await field(page, "Quantity").inputValue()).toBe(tooMany);
    await book("Count", "5");
    await sees(counted, `Received, ${order}`, "boss");
    await page.getByRole("img", { name: /^Stock over the last day: from 5 to 5/ }).waitFor();
  },
  8: async ({ page }) => {
    await page.goto("/inventory?q=bolt&sort=-sku");
    const [file] = await Promise.all([page.waitForEvent("download"), link(page, "Download CSV").click()]);
    const lines = readFileSync(await file.path(), "utf8")
      .trim()
      .split("\r\n");
    expect(lines).toHaveLength(1 + 31);
    const first = (await names(page))[0]!;
    expect(lines[1]).toContain(first);
  },
  9: async ({ withoutJavaScript }) => {
    await withoutJavaScript("/inventory", 3, 8);
  },
  10: async ({ page, sees }, sku, taken) => {
    await link(page, "Add item").click();
    await field(page, "Name").fill("Another");
    await field(page, "SKU").fill(sku);
    await button(page, "Save").click();
    await sees(taken);
    await link(page, "Cancel").click();
  },
  11: async ({ run }, commands) => {
    const [head, first, count] = (await run(commands)).split("\n");
    expect(head).toContain("Name,SKU");
    expect(first).toContain("BLT-");
    expect(Number(count)).toBe(1 + 31);
  },
  12: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^303\nIt is \d+\n$/);
  },
  13: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^ *50 303\n *50 422\n$/);
  },
  14: async ({ run }, commands) => {
    expect(await run(commands)).toBe("0\n");
  },
  15: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
