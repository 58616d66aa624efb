import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { signIn } from "../helpers/browser";
import { button, guide, link, setUp, shows } from "../helpers/guide";
import { PASSWORD } from "../helpers/server";

const FILES = "input[type=file]";
const file = (folder: string, name: string) => join(folder, "data/guide-files", name);
const statusOf = async (page: Page, address: string) => (await page.goto(address))?.status();

/** What the first Download of a page delivers: its name, and it as text. */
async function downloaded(page: Page) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).first().click(),
  ]);
  return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
}

guide("documents", {
  1: async (walk, line, commands) => {
    const { start, run } = walk;
    await start(line);
    await setUp(walk);
    await run(commands);
  },
  2: async (walk, address, login, empty) => {
    const { page, sees } = walk;
    await button(page, "Sign out").click();
    await sees("You are signed out.");
    await page.goto(address);
    await page.waitForURL(`**${login}`);
    await signIn(walk, "boss");
    await sees(empty);
    expect(page.url()).toBe(address);
  },
  3: async ({ page, folder, sees }, name, title, added) => {
    await page.goto("/documents");
    await link(page, "Upload").click();
    await page.locator(FILES).setInputFiles(file(folder, name));
    await page.getByLabel("Title").fill(title);
    await button(page, "Upload").click();
    await sees(added);
    expect(await downloaded(page)).toEqual([name, "These are the terms.\n"]);
  },
  4: async ({ page, folder, sees }, added) => {
    await page.goto("/documents/upload");
    const names = ["terms.txt", "other-terms.txt", "large.txt"];
    await page.locator(FILES).setInputFiles(names.map((name) => file(folder, name)));
    await button(page, "Upload").click();
    await sees(added);
  },
  5: async ({ page, folder, sees }, title, name, saved, deleted, restored) => {
    await page.getByRole("link", { name: title, exact: true }).first().click();
    await link(page, "Edit").click();
    const path = new URL(page.url()).pathname.replace("/edit", "");
    await page.locator(FILES).setInputFiles(file(folder, name));
    await button(page, "Save").click();
    await sees(saved);
    expect(new URL(page.url()).pathname).toBe(path);
    expect(await downloaded(page)).toEqual([name, "These are other terms.\n"]);
    await button(page, "Delete").click();
    await sees(deleted);
    await button(page, "Undo").click();
    await sees(restored);
  },
  6: async ({ withoutJavaScript }) => {
    await withoutJavaScript("/documents", 3, 5);
  },
  7: async ({ page, other, sees }, address, emmy, empty, first, download, missing) => {
    await page.goto(address);
    await page.getByLabel("Username").fill(emmy);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Password again").fill(PASSWORD);
    await button(page, "Save").click();
    await sees(`Added the user “${emmy}”.`);
    await other.goto("/documents");
    await signIn({ page: other }, emmy);
    await shows(other, empty);
    for (const path of [download, first, missing]) expect(await statusOf(other, path!)).toBe(404);
    await shows(other, "Nothing is here");
  },
  8: async ({ page, other, sees }, address, admin, all, downloadedBy) => {
    await page.goto(address);
    await page.getByLabel("Name").fill(admin);
    await button(page, "Save").click();
    await sees(`Added the group “${admin}”.`);
    await page.goto("/admin/accounts/user?q=emmy");
    await link(page, "emmy").click();
    await page.getByRole("group", { name: "Groups" }).getByLabel(admin).check();
    await button(page, "Save").click();
    await sees("Changed the user “emmy”.");
    await other.goto("/documents");
    await shows(other, all);
    await other.goto("/documents/1");
    expect((await downloaded(other))[1]).toBe("These are other terms.\n");
    await page.goto("/documents/1");
    await sees(downloadedBy);
  },
  9: async ({ run }, etag, commands) => {
    const answer = await run(commands);
    expect(answer).toMatch(/^303\nHTTP\/1.1 200 OK\n/);
    expect(answer).toMatch(/^content-disposition: attachment; filename="?large.txt"?$/im);
    expect(answer).toMatch(/^accept-ranges: bytes$/im);
    const [, tag] = answer.match(new RegExp(`^${etag}: "(.*)"$`, "im")) ?? [];
    expect(tag).toHaveLength(64);
    expect(answer).toContain(`${tag} *data/guide-files/large.txt`);
  },
  10: async ({ run, folder }, commands) => {
    const { length } = readFileSync(file(folder, "large.txt"));
    expect(await run(commands)).toBe(`206, ${length - 5_000_000} bytes\nIt is whole.\n`);
  },
  11: async ({ run }, commands) => {
    const answer = await run(commands);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\n/);
    expect(answer).toMatch(/^content-type: text\/plain/im);
    expect(answer).toMatch(/^content-security-policy: sandbox/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff$/im);
    expect(answer).toContain("<script>alert(1)</script>");
  },
  12: async ({ run }, commands) => {
    const said = await run(commands);
    // Of blocks of 512 kB it is in the second.
    expect(said).toMatch(new RegExp(`^200, ${2 ** 19} bytes\nexit code 18\n`));
    expect(said.match(/^(?:Error: )?damaged: #\d+ “large”/gm)).toHaveLength(2);
    expect(said).toMatch(/exit code 1\n$/);
  },
  13: async ({ page, sees }, address, found) => {
    await page.goto(address);
    await button(page, "Check now").click();
    await sees(found);
  },
  14: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
