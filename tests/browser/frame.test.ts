import { expect, it } from "vitest";
import { inBrowser, looksRight, story } from "../helpers/browser";

inBrowser("the frame", (open) => {
  story(open, "the home page shows the ten features and leads to those that are built", async ({ page }) => {
    await page.goto("/");
    expect(await page.getByRole("listitem").count()).toBe(10);
    await page.getByRole("listitem").filter({ hasText: "To-dos" }).getByRole("link").click();
    await page.getByRole("heading", { name: "To-dos", level: 1 }).waitFor();
    const current = page.getByRole("navigation", { name: "Features" }).getByRole("link", { name: "To-dos" });
    expect(await current.getAttribute("aria-current")).toBe("page");
  });

  story(open, "a missing page says so and leads home", async ({ page }) => {
    await page.goto("/nowhere");
    expect(await page.title()).toBe("Nothing is here · Tenfold");
    await page.getByRole("link", { name: "Go to the start page" }).click();
    await page.getByRole("heading", { name: "Tenfold", level: 1 }).waitFor();
  });

  it.each([true, false])(
    "on narrow screens the menu opens and leads on, JavaScript %s",
    (javaScriptEnabled) =>
      open({ javaScriptEnabled, viewport: { width: 360, height: 800 } }, async ({ page }) => {
        await page.goto("/");
        const link = page.getByRole("navigation", { name: "Features" }).getByRole("link", { name: "To-dos" });
        expect(await link.isVisible()).toBe(false);
        await page.getByRole("button", { name: "Menu" }).click();
        await link.click();
        await page.getByRole("heading", { name: "To-dos", level: 1 }).waitFor();
        expect(await link.isVisible()).toBe(false);
      }),
  );

  story(open, "the keyboard reaches the skip link first, and the content through it", async ({ page }) => {
    await page.goto("/todos");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  });

  it("keys pressed while a page comes alive break nothing", () =>
    open({}, async ({ page }) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
      for (let visit = 0; visit < 8; visit += 1) {
        await page.goto("/todos", { waitUntil: "commit" });
        await page.locator("main").waitFor({ state: "attached" });
        for (let key = 0; key < 8; key += 1) await page.keyboard.press("Tab");
        await page.waitForLoadState("networkidle");
      }
    }));

  it("a slow page shows a progress bar, which goes when the page is there", () =>
    open({}, async ({ page }) => {
      await page.goto("/", { waitUntil: "networkidle" });
      let release = () => {};
      await page.route("**/todos.data*", async (route) => {
        await new Promise<void>((go) => {
          release = go;
        });
        await route.continue();
      });
      await page.getByRole("listitem").filter({ hasText: "To-dos" }).getByRole("link").click();
      const bar = page.getByRole("progressbar", { name: "Loading" });
      await bar.waitFor();
      expect(await bar.evaluate((element) => getComputedStyle(element).animationDelay)).toBe("0.15s");
      release();
      await bar.waitFor({ state: "detached" });
    }));

  it("a page that cannot be reached says so", () =>
    open({}, async ({ page }) => {
      await page.goto("/todos", { waitUntil: "networkidle" });
      await page.context().setOffline(true);
      await page.getByRole("link", { name: "Active" }).click();
      await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
    }));

  looksRight(open, "home", ({ page }) => page.goto("/").then(() => {}));
  looksRight(open, "missing page", ({ page }) => page.goto("/nowhere").then(() => {}));
  looksRight(open, "wrong method", ({ page }) => page.goto("/todos/1/toggle").then(() => {}));
});
