import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide } from "../helpers/guide";
import { noisy } from "../helpers/uploads";

const save = (page: Page) => button(page, "Save").click();
const name = (page: Page) => page.getByLabel("Display name");
const bio = (page: Page) => page.getByLabel("Bio");
const file = (page: Page) => page.getByLabel("Picture", { exact: true });
const avatar = (page: Page) => page.locator("main img.avatar");
/** Waits until the picture is drawn. @returns its width and height. */
const drawn = async (page: Page) => {
  const size = () =>
    avatar(page).evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight] as const);
  await expect.poll(size).not.toEqual([0, 0]);
  return size();
};

/** The pictures of the reader. */
const pictures = (folder: string, name: string) => join(folder, "Pictures", name);
/** The tab in which the picture was opened. */
let tab: Page;

guide("profile", {
  1: async ({ page, folder, start, sees }, line, address, whose) => {
    mkdirSync(join(folder, "Pictures"));
    await noisy(1000, 800).jpeg().toFile(pictures(folder, "me.jpg"));
    writeFileSync(pictures(folder, "text.pdf"), "%PDF-1.7 and no picture");
    writeFileSync(pictures(folder, "large.jpg"), Buffer.alloc(6_000_000, "x"));
    await start(line);
    await page.goto(address);
    await sees(whose);
    expect(await name(page).inputValue()).toBe("");
  },
  2: async ({ page }, missing) => {
    await name(page).fill("");
    await save(page);
    await page.getByRole("alert").getByRole("link", { name: missing }).waitFor();
    await page.locator("#display_name-error").getByText(missing).waitFor();
  },
  3: async ({ page, folder, scripted, sees }, saved) => {
    await name(page).fill("Emmy Noether");
    await bio(page).fill("Algebra.\nAnd physics.");
    await file(page).setInputFiles(pictures(folder, "me.jpg"));
    if (scripted) expect(await drawn(page)).toEqual([1000, 800]);
    await save(page);
    await sees(saved);
    await expect.poll(() => drawn(page)).toEqual([512, 512]);
    expect(await file(page).inputValue()).toBe("");
  },
  4: async ({ page, sees }) => {
    const before = await avatar(page).getAttribute("src");
    await page.reload();
    await bio(page).fill("Invariants.");
    await save(page);
    await sees("Saved.");
    await page.reload();
    expect(await bio(page).inputValue()).toBe("Invariants.");
    expect(await avatar(page).getAttribute("src")).toBe(before);
  },
  5: async ({ page }, path) => {
    const address = (await avatar(page).getAttribute("src"))!;
    expect(path).toContain("64 characters and a hyphen");
    expect(address).toMatch(new RegExp(`^${path.replace(/<.*>/, "(?=\\w*-\\w*[.])[\\w-]{65}")}$`));
    tab = await page.context().newPage();
    expect((await tab.goto(address))?.status()).toBe(200);
  },
  6: async ({ page, folder, scripted, sees }, noPicture, tooLarge) => {
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await bio(page).fill("Typed.");
    await file(page).setInputFiles(pictures(folder, "text.pdf"));
    await save(page);
    await sees(noPicture);
    expect(await bio(page).inputValue()).toBe("Typed.");
    expect(sent).toHaveLength(1);
    await file(page).setInputFiles(pictures(folder, "large.jpg"));
    if (!scripted) await save(page);
    await sees(tooLarge);
    expect(sent).toHaveLength(scripted ? 1 : 2);
  },
  7: async ({ page, sees }, removed) => {
    await page.goto("/profile");
    await page.getByLabel("Remove picture").check();
    await save(page);
    await sees(removed);
    expect(await page.locator("main svg.avatar").textContent()).toBe("EN");
    expect((await tab.reload())?.status()).toBe(404);
    await tab.close();
  },
  8: async ({ page, withoutJavaScript }) => {
    await withoutJavaScript(page.url(), 2, 7);
  },
  9: async ({ run }, commands, answer) => {
    expect(await run(commands)).toBe(`${answer}\n`);
  },
  10: async ({ run }, etag, commands) => {
    const answer = await run(commands);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\n.*\n304\n$/s);
    expect(answer).toMatch(new RegExp(`^${etag}: "`, "im"));
    expect(answer).toMatch(/^cache-control: .*immutable/im);
  },
  11: async ({ run }, commands, area) => {
    const said = await run(commands);
    expect(said.match(/^data\/profile-files\/avatars\/.*webp$/gm)).toHaveLength(2);
    expect(said.match(/^data\//gm)).toHaveLength(2);
    expect(said).toMatch(new RegExp(`^${area} +2 +0 +0 +0$`, "m"));
  },
  12: async ({ run }, commands) => {
    const said = await run(`${commands}echo "exit code $?"`);
    expect(said).toMatch(/^avatars +2 +0 +1 +1$/m);
    expect(said).toMatch(/damaged.*\.webp/);
    expect(said).toContain("exit code 1");
  },
  13: async ({ run }, commands) => {
    expect(await run(commands)).toMatch(/^avatars +0\n.*^avatars +1\n/ms);
  },
  14: async ({ run }, commands) => {
    const said = await run(commands);
    expect(said.match(/^data\//gm)).toHaveLength(2);
    expect(said).toMatch(/^avatars +2 +0 +0 +0$/m);
  },
  15: async ({ run, server }, curl, commands, tmp) => {
    expect(commands).toContain(curl);
    const said = await run(commands);
    await server.ended();
    const files = said.match(/^data\/.*$/gm) ?? [];
    expect(files.filter((path) => path.includes(`/${tmp}/`))).toHaveLength(2);
    expect(files.filter((path) => path.includes("/avatars/"))).toHaveLength(2);
    expect(said).toMatch(/^avatars +2 +0 +0 +0$/m);
    expect(said).toMatch(new RegExp(`^${tmp} +1$`, "m"));
  },
  16: async ({ page, start, run, sees }, commands, ada, emmy, hedy, nobody) => {
    await start();
    await run(commands);
    await page.goto(ada);
    await drawn(page);
    await page.goto(emmy);
    await page.locator("main svg.avatar").waitFor();
    for (const missing of [hedy, nobody]) {
      expect((await page.goto(missing))?.status()).toBe(404);
      await sees("Nothing is here");
    }
  },
  17: async ({ run, stop, badInput }, unset, remove) => {
    await badInput();
    await stop();
    await run(`${unset}\n${remove}`);
  },
});
