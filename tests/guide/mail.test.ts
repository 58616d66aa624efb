import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, setUp } from "../helpers/guide";
import type { Terminal } from "../helpers/terminal";

/** The terminal of the mail server, and the command that starts it. */
let mailServer: Terminal;
let startsMailServer: string;
const READY = /It takes mail\./;

const OUTBOX = "/admin/mail/mail";
const RESET = "/accounts/password_reset";
const SUBJECT = "A new password for boss";

async function askForLink(page: Page, email: string) {
  await page.goto(RESET);
  await page.getByLabel("Email").fill(email);
  await button(page, "Send the link").click();
}

/** Waits until the newest mail of the outbox reads so, and opens it. */
async function openMail(page: Page, words: string | RegExp) {
  const newest = page.getByRole("row").filter({ hasText: SUBJECT }).first();
  await expect
    .poll(async () => {
      await page.goto(OUTBOX);
      return newest.innerText();
    })
    .toMatch(words);
  await newest.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: SUBJECT }).waitFor();
}

guide("mail", {
  1: async (walk, line, email, address, said) => {
    const { page, start, sees } = walk;
    await start(line);
    await setUp(walk, email);
    expect(address).toContain(RESET);
    await askForLink(page, email!);
    await sees(said);
  },
  2: async ({ page, other, sees }, address, subject, why) => {
    expect([new URL(address).pathname, subject]).toEqual([OUTBOX, SUBJECT]);
    await openMail(page, /\bkept\b/);
    await sees(why, "boss@example.com", "Set it here, within an hour:");
    const text = await page.locator("main").innerText();
    await other.goto(text.match(/http\S+\/accounts\/reset\/\S+/)![0]);
    await other.getByRole("heading", { level: 1, name: "Set a new password" }).waitFor();
  },
  3: async ({ stop, openTerminal }, commands) => {
    await stop();
    mailServer = openTerminal();
    startsMailServer = commands;
    await mailServer.begin(commands, READY);
  },
  4: async ({ openTerminal }, line, why) => {
    const { output, code } = await openTerminal().run(line);
    expect(output).toContain(why);
    expect(code).toBe(1);
  },
  5: async ({ page, start, sees }, line, answer, erased) => {
    await start(line);
    await askForLink(page, "boss@example.com");
    await mailServer.said(/^Subject: A new password for boss$/m);
    await mailServer.said(/^http:\S+\/accounts\/reset\/\S+$/m);
    await openMail(page, /\bsent\b/);
    await sees(answer, erased);
  },
  6: async ({ page, sees }, why) => {
    await mailServer.interrupt();
    await askForLink(page, "boss@example.com");
    await sees("a mail with a link is on its way");
    await openMail(page, new RegExp(`waiting.*${why}`, "s"));
    await mailServer.begin(startsMailServer, READY);
    await mailServer.said(/^Subject: A new password for boss$/m);
    await openMail(page, /\bsent\b/);
  },
  7: async ({ page, sees }, address, email, why) => {
    await page.goto(address);
    await page.getByLabel("Email").fill(email);
    await button(page, "Save").click();
    await sees("Saved.");
    await askForLink(page, email);
    await openMail(page, /\bfailed\b/);
    await sees(why);
  },
  8: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/\b1 failed[\s\S]*send-mail +1 of 100 .*550 No such person/);
  },
  9: async ({ run }, commands) => {
    expect(await run(commands)).toBe(
      [
        '"message": "Enter one email address"',
        '"message": "Subject must be one line without control characters"',
        "4\n",
      ].join("\n"),
    );
  },
  10: async ({ run, stop }, unset, remove) => {
    await mailServer.interrupt();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
