import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp } from "../helpers/guide";

const events = (page: Page) => page.getByRole("region", { name: "Events" });
const home = (page: Page) => page.goto("/webhooks");
const clear = async (page: Page) => {
  await link(page, "Clear").click();
  await link(page, "Clear").waitFor({ state: "detached" });
};
async function search(page: Page, text: string) {
  await page.getByLabel("Search").fill(text);
  await button(page, "Apply").click();
  await link(page, "Clear").waitFor();
}
/** The inbox listens to the server, and would complain that it goes away. */
const leave = (page: Page) => page.goto("about:blank");

guide("webhooks", {
  1: async (walk, line, address, empty) => {
    const { page, start, sees } = walk;
    await start(line);
    await setUp(walk);
    await page.goto(address);
    await sees(empty);
  },
  2: async ({ run }, commands) => {
    expect(await run(commands)).toContain("200 in webhook_events");
  },
  3: async ({ page, scripted, sees }, tryIt, ok, log, processed, again) => {
    await page.reload();
    await page.getByRole("heading", { name: tryIt }).waitFor();
    await button(page, "Send test event").click();
    await sees(ok);
    await page.getByRole("heading", { level: 2, name: "ping" }).waitFor();
    const handled = page.getByRole("listitem").filter({ hasText: log }).last();
    await expect
      .poll(async () => {
        if (!scripted) await page.reload();
        return handled.innerText();
      })
      .toContain(processed);
    await link(page, "Raw").click();
    await page.getByText('{"event":"ping","message":"It works."}').waitFor();
    await button(page, "Process again").click();
    await sees(again);
  },
  4: async ({ page, sees }, refused, reason) => {
    await home(page);
    await page.getByLabel("Signature").selectOption("Wrong");
    await button(page, "Send test event").click();
    await sees(refused, reason);
  },
  5: async ({ page, sees }, tooOld, words) => {
    await home(page);
    await page
      .getByRole("link", { name: /UTC: [1-9]\d* events? accepted/ })
      .last()
      .click();
    await page.waitForURL(/from=.*to=/);
    await clear(page);
    await page.locator("summary", { hasText: "Filters" }).click();
    await page.getByLabel("Result").selectOption("Refused");
    await button(page, "Apply").click();
    await page.waitForURL(/validity=refused/);
    await sees(tooOld);
    await expect.poll(() => events(page).locator("li .badge:not(.bad)").count()).toBe(0);
    await clear(page);
    await search(page, words);
    await expect.poll(() => events(page).locator("li b").allTextContents()).toContain("push");
    await clear(page);
    await link(page, "Older").click();
    await link(page, "Newer").waitFor();
  },
  6: async ({ page, sees }, words, processed) => {
    await home(page);
    await search(page, words);
    await page.locator("summary", { hasText: "Process all again" }).click();
    await sees("What they do is done again.");
    await button(page, "Process them again").click();
    await sees(processed);
  },
  7: async ({ withoutJavaScript }) => {
    await withoutJavaScript("/webhooks", 3, 6);
  },
  8: async ({ page, run, sees }, address, section) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(address);
    await page.getByRole("region", { name: section }).getByRole("button", { name: "Copy" }).click();
    await button(page, "Copied").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    const answer = await run(command);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK$/m);
    expect(answer).toMatch(/^ok/m);
    await sees(command.match(/test-\w+/)![0]);
    expect(await run(command)).toMatch(/^duplicate event/m);
  },
  9: async ({ page, sees }, address, provider, secret) => {
    await page.goto(address);
    await page.getByLabel("Provider").fill(provider);
    await page.getByLabel("Secret").fill(secret);
    await button(page, "Save").click();
    await sees("Added the secret");
    await page.getByRole("row").filter({ hasText: provider }).waitFor();
    expect(await page.content()).not.toContain(secret);
  },
  10: async ({ run }, commands) => {
    const said = commands.match(/(?<=# ).*/g)!;
    expect(await run(commands)).toBe(`${said.join("\n")}\n`);
  },
  11: async ({ run }, ok, commands) => {
    expect(await run(commands)).toMatch(new RegExp(`^ *49 duplicate event 409\n *1 ${ok} 200\n$`));
  },
  12: async ({ run }, commands) => {
    expect(await run(commands)).toBe("2\n");
  },
  13: async ({ page, run, stop, start, sees }, line, address, missing, commands) => {
    await leave(page);
    await stop();
    await start(line);
    expect(await run(commands)).toBe("invalid signature 401\n");
    await page.goto(address);
    await sees(missing);
  },
  14: async ({ page, run, stop, start, badInput }, unset, remove) => {
    await leave(page);
    await stop();
    await start("DATABASE_URL=sqlite:data/guide.sqlite WEBHOOK_SECRET=change-me npm start");
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
