import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { signIn } from "../helpers/browser";
import { button, guide, link, shows } from "../helpers/guide";
import { plain } from "../helpers/uploads";

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const content = (page: Page) => field(page, "Content");
const preview = (page: Page) => page.locator("#preview");
const save = (page: Page) => button(page, "Save").click();
const statusOf = async (page: Page, address: string) => (await page.goto(address))?.status();
const isAt = (page: Page, path: string) => page.waitForURL(`**${path}`);

/** What is typed is in the preview by itself, or at the press of a button. */
const look = (page: Page, scripted: boolean) => (scripted ? undefined : button(page, "Preview").click());

guide("blog", {
  1: async ({ page, start, run, sees }, line, boss, password, commands, address, count, empty) => {
    await start(line);
    const made = await run(commands, [
      ["Username", boss],
      ["Email", ""],
      ["Password", password],
      ["Password again", password],
    ]);
    expect(made).toContain(`${boss} is a superuser now.`);
    await page.goto(address);
    await sees(count, empty);
  },
  2: async (walk, address, boss, title, text, added, second, publishedAt) => {
    const { page, sees } = walk;
    await page.goto(address);
    await signIn(walk, boss, "correct horse 9");
    await field(page, "Title").fill(title);
    await expect.poll(() => field(page, "Slug").inputValue()).toBe("hello-world");
    expect(await page.getByLabel(publishedAt).inputValue()).toContain(new Date().toISOString().slice(0, 10));
    await content(page).fill(text);
    await save(page);
    await sees(added);
    await page.goto(address);
    await field(page, "Title").fill(second);
    await content(page).fill("The second post.");
    await save(page);
    await sees(`Added the post “${second}”.`);
  },
  3: async ({ page, sees }, address, path) => {
    await page.goto(address);
    await sees("2 posts");
    expect(await page.locator(".posts h2").allTextContents()).toEqual(["Second post", "Hello world"]);
    await link(page, "Hello world").click();
    await isAt(page, path);
    await page.getByRole("link", { name: "Newer Second post" }).waitFor();
  },
  4: async ({ page, sees }, address, slug, taken) => {
    await page.goto(address);
    await field(page, "Title").fill("Another");
    await content(page).fill("Text");
    await field(page, "Slug").fill(slug);
    await save(page);
    await sees(taken);
  },
  5: async ({ page, sees }, address, missing) => {
    expect(await statusOf(page, address)).toBe(404);
    await sees(missing);
  },
  6: async ({ page, other, scripted, sees }, address, title, head, text, saved, path) => {
    await page.goto(address);
    await link(page, "Write a post").click();
    await field(page, "Title").fill(title);
    await content(page).fill(text);
    await look(page, scripted);
    await page.getByRole("heading", { name: head }).waitFor();
    await save(page);
    await sees(saved);
    await isAt(page, path);
    expect(await statusOf(other, path)).toBe(404);
    await page.goto(address);
    await link(page, "Drafts").click();
    await link(page, title).click();
    await isAt(page, path);
  },
  7: async ({ page, other, sees }, isPublic) => {
    await link(page, "Edit").click();
    await field(page, "Public").check();
    await save(page);
    await sees(isPublic);
    await other.reload();
    await other.getByRole("heading", { level: 1, name: "Zürich für Anfänger" }).waitFor();
  },
  8: async ({ page, other }, slug, address, path, before) => {
    const renameTo = async (slug: string) => {
      await link(page, "Edit").click();
      await field(page, "Slug").fill(slug);
      await save(page);
      await isAt(page, `/posts/${slug}`);
    };
    await renameTo(slug);
    await other.goto(address);
    await isAt(other, path);
    await link(page, "Edit").click();
    await field(page, "Title").fill("Zürich für alle");
    await save(page);
    await page.getByRole("heading", { level: 1, name: "Zürich für alle" }).waitFor();
    await isAt(page, path);
    await renameTo(before);
    await other.goto(path);
    await isAt(other, `/posts/${before}`);
  },
  9: async ({ page, sees }, slug, taken) => {
    await page.goto("/posts/new");
    await field(page, "Title").fill("Another");
    await field(page, "Slug").fill(slug);
    await content(page).fill("Text");
    await save(page);
    await sees(taken);
    await link(page, "Cancel").click();
    await isAt(page, "/posts");
  },
  10: async ({ page, scripted }, text, run, read, cat) => {
    await link(page, "Write a post").click();
    await content(page).fill(text);
    await look(page, scripted);
    await preview(page).getByRole("link", { name: read }).waitFor();
    expect(await preview(page).innerText()).toContain(text.split("\n")[0]);
    expect(await preview(page).innerText()).toContain(`[${run}]`);
    expect(await preview(page).getByRole("link").allTextContents()).toEqual([read, cat]);
  },
  11: async ({ page, other, sees }, late, scheduled) => {
    await field(page, "Title").fill("Later");
    await field(page, "Public at a time to come").check();
    await save(page);
    await sees(late);
    expect(await field(page, "Title").inputValue()).toBe("Later");
    await page.getByLabel("Day and time").fill("2099-01-01T09:30");
    await save(page);
    await sees(scheduled);
    expect(await statusOf(other, new URL(page.url()).pathname)).toBe(404);
    await page.goto("/posts");
    await link(page, "Scheduled").click();
    await link(page, "Later").waitFor();
  },
  12: async ({ page, scripted, sees }, address, slug, stale, path, before, history) => {
    const text = (whose: string) => `${whose} text ${scripted ? "with JavaScript" : "without"}`;
    const tab = await page.context().newPage();
    for (const one of [page, tab]) await one.goto(address);
    await content(page).fill(text("My"));
    await field(page, "Slug").fill(slug);
    await save(page);
    await isAt(page, path);
    await content(tab).fill(text("Your"));
    await save(tab);
    await shows(tab, stale);
    expect(await content(tab).inputValue()).toBe(text("Your"));
    for (const theirs of [text("My"), slug])
      await tab.locator("#theirs dd").getByText(theirs, { exact: true }).waitFor();
    await save(tab);
    await isAt(tab, before);
    await shows(tab, text("Your"));
    await tab.close();
    await page.goto(path);
    await isAt(page, before);
    await page.goto(history);
    await sees(text("My"), text("Your"));
  },
  13: async ({ page, folder }, addPicture) => {
    const file = join(folder, "tmp/red.jpg");
    await plain(320, 180, "#cc3333").jpeg().toFile(file);
    await page.goto("/posts/hello-world/edit");
    const pictures = (count: number) =>
      expect.poll(() => preview(page).locator("img").count(), { message: "pictures" }).toBe(count);
    await content(page).evaluate(
      (area, bytes) => {
        const data = new DataTransfer();
        const file = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
        data.items.add(new File([file], "red.jpg", { type: "image/jpeg" }));
        area.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
      },
      readFileSync(file, "base64"),
    );
    await pictures(1);
    const closed = page.locator("details:not([open]) > summary", { hasText: addPicture });
    if (await closed.count()) await closed.click();
    await page.getByLabel("File").setInputFiles(file);
    await page.getByLabel("Description").fill("A red wall");
    await button(page, "Add picture").click();
    await pictures(2);
    expect(await content(page).inputValue()).toContain("![A red wall](/media/posts/");
    await save(page);
    await expect.poll(() => page.locator(".post img").count()).toBe(2);
  },
  14: async ({ page, sees, withoutJavaScript }, list, posts) => {
    await page.goto(list);
    for (const title of ["Zürich für alle", "Later"])
      await page.getByRole("row").filter({ hasText: title }).getByRole("checkbox").check();
    await page.getByLabel("With those selected").selectOption({ label: "Delete the selected posts" });
    await button(page, "Go").click();
    await button(page, "Yes, do it").click();
    await sees("Deleted 2 posts.");
    await withoutJavaScript(posts, 6, 12);
  },
  15: async ({ page, run, sees }, commands, address, beyond, zero, letter) => {
    const said = await run(commands);
    expect(said).toMatch(/^blog: added .*\b22 in posts\b/m);
    expect(said).toContain("blog: nothing to add");
    await page.goto(address);
    await sees("Page 1 of 3");
    expect(await page.locator(".posts h2").count()).toBe(10);
    for (const [query, shown] of [
      [beyond, "Page 3 of 3"],
      [zero, "Page 1 of 3"],
      [letter, "Page 1 of 3"],
    ]) {
      await page.goto(`/posts${query}`);
      await sees(shown!);
    }
  },
  16: async ({ run }, write, follow) => {
    const answers = await run(write);
    expect(answers).toMatch(/^HTTP\/1.1 303 .*\nlocation: \/posts\/one\n/i);
    expect(answers).toMatch(/303 http:\S+\/posts\/two\n303 http:\S+\/posts\/three\n$/);
    const hop = await run(follow);
    expect(hop).toMatch(/^HTTP\/1.1 30[1278]/);
    expect(hop).toMatch(/^location: \/posts\/three\?a=b$/im);
    expect(hop).toMatch(/^cache-control: .*no-/im);
  },
  17: async ({ run }, commands) => {
    expect(await run(commands)).toBe("404\n");
  },
  18: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(
      /^303 http:\S+\/posts\/one\nHTTP\/1.1 30\d.*\nlocation: \/posts\/one\nHTTP\/1.1 200 OK\n/i,
    );
  },
  19: async ({ run }, etag, policy, commands) => {
    const [cached = "", whole = ""] = (await run(commands)).split(/(?=HTTP\/1.1 200)/);
    expect(cached).toMatch(/^HTTP\/1.1 304/);
    const tag = (headers: string) => headers.match(new RegExp(`^${etag}: (.*)$`, "im"))?.[1];
    expect(tag(cached)).toBeTruthy();
    expect(tag(cached)).toBe(tag(whole));
    expect(cached.toLowerCase()).not.toContain(policy.toLowerCase());
    expect(whole.toLowerCase()).toContain(policy.toLowerCase());
  },
  20: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^20\n(<loc>http.*\n){3}304\n$/);
  },
  21: async ({ run }, hedy, password, commands) => {
    const said = await run(commands, [
      ["Password", password],
      ["Password again", password],
    ]);
    expect(said).toMatch(new RegExp(`location: /posts/by-${hedy}\n`, "i"));
    expect(said).toMatch(/new: 200\nby-hedy: 200\nby-hedy\/edit: 200\none: 200\none\/edit: 404\n$/);
  },
  22: async ({ run }, commands) => {
    const said = await run(commands);
    expect(said).toMatch(/^'hello-world-2'\n0\n/);
    expect(said).toContain("slug: 'by-hedy'");
  },
  23: async ({ run }, commands) => {
    expect(await run(commands)).toBe("200\n");
  },
  24: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
