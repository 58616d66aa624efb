import type { Page } from "playwright-core";
import { expect } from "vitest";
import { heading, signIn } from "../helpers/browser";
import { button, guide, link, shows } from "../helpers/guide";

const inNavigation = (page: Page) => page.getByRole("navigation").first();
const passwords = (page: Page) => page.locator("main [type=password]");
async function fillPasswords(page: Page, ...typed: string[]) {
  for (const [index, password] of typed.entries()) await passwords(page).nth(index).fill(password);
}
const sessions = (page: Page) => page.locator("main li");

/** By which the first superuser is made. */
let setup: string;
/** The current password of boss. */
let password: string;

guide("accounts", {
  1: async ({ start, server }, line, said) => {
    await start(line);
    await server.said(new RegExp(said.replace("…", "").replace(/[.?]/g, "\\$&")));
    [setup] = await server.said(/http:\S+\/accounts\/setup\/[\w-]+/);
  },
  2: async ({ page, sees }, boss, common, refused) => {
    await page.goto(setup);
    await page.getByLabel("Username").fill(boss);
    await fillPasswords(page, common, common);
    await button(page, "Create superuser").click();
    await sees(refused);
    expect(await page.getByLabel("Username").inputValue()).toBe(boss);
  },
  3: async ({ page, sees }, good, welcome) => {
    password = good;
    await fillPasswords(page, good, good);
    await button(page, "Create superuser").click();
    await sees(welcome);
    await inNavigation(page).getByText("boss").waitFor();
  },
  4: async ({ page, sees }, missing) => {
    expect((await page.goto(setup))?.status()).toBe(404);
    await sees(missing);
  },
  5: async ({ page, sees }, said) => {
    await inNavigation(page).getByRole("button", { name: "Sign out" }).click();
    await sees(said);
  },
  6: async (walk, address, login, boss, title, present) => {
    const { page, sees } = walk;
    await page.goto(address);
    await page.waitForURL(`**${login}`);
    await signIn(walk, boss, password);
    await heading(walk, title);
    await sees(present);
    expect(await sessions(page).count()).toBe(1);
  },
  7: async ({ page, other, sees }, address) => {
    await other.goto(address);
    await signIn({ page: other }, "boss", password);
    await heading({ page: other }, "Tenfold");
    await page.reload();
    await sees("Chrome on Linux", "127.0.0.1");
    expect(await sessions(page).count()).toBe(2);
  },
  8: async ({ page, other, sees }, said) => {
    await sessions(page).filter({ hasNotText: "This one" }).getByRole("button", { name: "Sign out" }).click();
    await sees(said);
    await other.reload();
    await link(other, "Sign in").first().waitFor();
  },
  9: async ({ page, other, scripted, sees }, fresh, refused, changed) => {
    const next = scripted ? fresh : "garden gnome 8";
    await other.goto("/accounts/login");
    await signIn({ page: other }, "boss", password);
    await heading({ page: other }, "Tenfold");
    await inNavigation(page)
      .getByRole("link", { name: scripted ? "boss" : "The boss" })
      .click();
    await link(page, "Change password").click();
    await fillPasswords(page, "wrong", next, next);
    await button(page, "Change password").click();
    await sees(refused);
    await fillPasswords(page, password, next, next);
    await button(page, "Change password").click();
    await sees(changed);
    password = next;
    await other.reload();
    await link(other, "Sign in").first().waitFor();
  },
  10: async ({ page, other }, boss) => {
    await page.goto("/accounts");
    await page.getByLabel("Display name").fill("The boss");
    await button(page, "Save").click();
    await inNavigation(page).getByText("The boss").waitFor();
    await other.goto("/accounts/login");
    await signIn({ page: other }, boss, password);
    await shows(other, "The boss");
    await inNavigation(other).getByRole("button", { name: "Sign out" }).click();
    await shows(other, "You are signed out.");
  },
  11: async ({ page, withoutJavaScript }) => {
    await withoutJavaScript(page.url(), 5, 10);
  },
  12: async ({ run }, boss, commands) => {
    const said = await run(commands);
    const never = said.match(/^\w+ .*never/gm) ?? [];
    expect(never.length).toBeGreaterThan(3);
    expect(never.join("\n")).not.toContain(boss);
    expect(said).toContain(boss);
  },
  13: async ({ run }, ada, good, commands) => {
    const said = await run(commands, [
      ["Password", good],
      ["Password again", good],
    ]);
    expect(said).toContain(ada);
    expect(said).not.toContain(good);
  },
  14: async ({ run }, home, commands, title, login) => {
    const said = await run(commands);
    expect(said).toMatch(new RegExp(`^HTTP/1.1 303 .*^location: ${home}\n`, "ims"));
    expect(said).toMatch(/^set-cookie: session=.*HttpOnly/im);
    expect(said).toContain(`<h1>${title}\nHTTP/1.1 302`);
    expect(said.toLowerCase()).toContain(`location: ${login.toLowerCase()}\n`);
  },
  15: async ({ run }, column, commands) => {
    const rows = await run(commands);
    expect(rows).toMatch(new RegExp(`${column}: '\\w+`));
    const cookie = await run('tail -1 "$jar" | cut -f7');
    expect(cookie.trim()).not.toBe("");
    expect(rows).not.toContain(cookie.trim().slice(0, 20));
  },
  16: async ({ run }, ada, commands, shown, refused) => {
    const said = await run(commands);
    expect(shown).toContain(ada);
    expect(said.split("\n")).toContain(shown);
    expect(said).toContain(refused);
  },
  17: async ({ run }, wait, commands) => {
    const said = await run(commands);
    expect(said).toMatch(new RegExp(`^(HTTP/1.1 422 .*\n){5}HTTP/1.1 429 .*\n${wait}\n$`, "i"));
  },
  18: async ({ run }, commands) => {
    expect(await run(commands)).toBe("second is a superuser now.\nDeleted 0 expired sessions.\n");
  },
  19: async ({ page, other, start, stop, run, sees, badInput }, line, address, commands) => {
    await badInput();
    await stop();
    await start(line);
    await page.goto(address);
    await inNavigation(page).getByText("The boss").waitFor();
    await sees("Tenfold");
    await other.goto(address);
    await heading({ page: other }, "Sign in");
    await signIn({ page: other }, "boss", password);
    await heading({ page: other }, "Tenfold");
    expect(new URL(other.url()).pathname).toBe("/");
    const statuses = (await run(commands)).trim().split("\n");
    expect(statuses.slice(0, 3).every((line) => /^30[23] http:\S+\/accounts\/login/.test(line))).toBe(true);
    expect(statuses.slice(3).map((line) => line.trim())).toEqual(["200", "200", "200"]);
  },
  20: async ({ run, stop }, unset, remove) => {
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
