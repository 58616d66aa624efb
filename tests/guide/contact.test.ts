import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link, setUp } from "../helpers/guide";

const email = (page: Page) => page.getByLabel("Email address");
const topic = (page: Page) => page.getByLabel("Topic");
const message = (page: Page) => page.getByLabel("Message", { exact: true });
const send = (page: Page) => button(page, "Send message").click();

guide("contact", {
  1: async (walk, line, address, contact) => {
    const { page, start } = walk;
    await start(line);
    await setUp(walk, address);
    await page.goto(contact);
    expect(await email(page).inputValue()).toBe(address);
  },
  2: async ({ page, sees }, about, text, sent) => {
    await topic(page).fill(about);
    await message(page).fill(text);
    await send(page);
    await sees(sent);
    for (const field of [topic, message]) expect(await field(page).inputValue()).toBe("");
    await page.reload();
    expect(await page.getByRole("status").textContent()).toBe("");
  },
  3: async ({ page, sees }, problem, noTopic, noMessage, title, noAddress, wrong) => {
    await send(page);
    const summary = page.getByRole("alert", { name: problem });
    await summary.waitFor();
    expect(await summary.getByRole("link").allTextContents()).toEqual([noTopic, noMessage]);
    expect(await page.title()).toContain(title);
    await summary.getByRole("link", { name: noTopic }).click();
    await expect.poll(() => topic(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await email(page).fill(noAddress);
    await topic(page).fill("Typed");
    await send(page);
    await sees(wrong);
    expect([await email(page).inputValue(), await topic(page).inputValue()]).toEqual([noAddress, "Typed"]);
  },
  4: async ({ withoutJavaScript }) => {
    await withoutJavaScript("/contact", 2, 3);
  },
  5: async ({ run }, status, path, cookie, commands) => {
    const answer = await run(commands);
    expect(answer).toContain(status);
    expect(answer).toMatch(new RegExp(`^location: ${path}$`, "im"));
    expect(answer.toLowerCase()).toContain(`set-cookie: ${cookie.replace("…", "")}`);
  },
  6: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^ *20 C-1002\n$/);
  },
  7: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^303 http:\S+\/contact\n$/);
  },
  8: async ({ run }, commands) => {
    expect(await run(commands)).toBe("303\n".repeat(6));
  },
  9: async ({ page, sees }, address, trap, tooMany) => {
    const open = async (about: string, reason: string) => {
      await page.goto(address);
      expect(await page.getByRole("row").filter({ hasText: "C-" }).count()).toBe(4);
      await page.getByRole("row").filter({ hasText: about }).getByRole("link").first().click();
      await sees(reason);
    };
    await open("Watches", trap);
    await open("Question 6", tooMany);
  },
  10: async ({ page, sees }, reference, changed) => {
    await page.goto("/admin/contact/message");
    await page.getByRole("searchbox").fill(reference);
    await page.getByRole("searchbox").press("Enter");
    await link(page, reference).click();
    await button(page, "Mark as read").waitFor();
    expect(await link(page, "Reply").getAttribute("href")).toBe(
      `mailto:boss@example.com?subject=${encodeURIComponent(`Re: The door [${reference}]`)}`,
    );
    await button(page, "Mark as read").click();
    await sees(changed);
  },
  11: async ({ page, sees }) => {
    await page.goto("/admin/contact/message?q=C-1002");
    await link(page, "C-1002").click();
    await button(page, "Spam").click();
    await sees("Changed 1 message.");
    await page.goto("/admin/contact/message?spam=yes");
    await link(page, "C-1002").click();
    await link(page, "History").click();
    await sees("boss changed it", "Spam no yes");
  },
  12: async ({ page, sees }, address, subject, setting) => {
    await page.goto(address);
    expect(setting).toBe("SMTP_URL");
    await sees(subject, "kept");
    expect(await page.getByRole("row").filter({ hasText: "[C-" }).count()).toBe(5);
  },
  13: async ({ run }, commands) => {
    const said = await run(commands);
    expect(said).toContain("contact: added 60 in contact_messages");
    expect(said).toContain("contact: nothing to add");
  },
  14: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
