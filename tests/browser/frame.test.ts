import { expect, it, onTestFinished } from "vitest";
import { features } from "../../app/features";
import { heading, inBrowser, looksRight, said, signInTo, story } from "../helpers/browser";

inBrowser("the frame", (open) => {
  story(open, "the home page shows every feature and leads to it", async (visit) => {
    const { page } = visit;
    await signInTo(visit, "/");
    expect(await page.getByRole("listitem").count()).toBe(features.length);
    for (const { title, path } of features) {
      const link = page.getByRole("listitem").getByRole("link", { name: title, exact: true });
      await link.click();
      await page.waitForURL((url) => url.pathname.startsWith(path));
      const current = page.getByRole("navigation", { name: "Features" }).getByRole("link", { name: title });
      await expect.poll(() => current.getAttribute("aria-current")).toBe("page");
      expect((await page.request.get(path)).status()).toBe(200);
      await page.goto("/");
    }
  });

  story(open, "the menu leads on and marks where one is", async (visit) => {
    const { page } = visit;
    await page.goto("/");
    const link = page.getByRole("navigation", { name: "Features" }).getByRole("link", { name: "Sign in" });
    expect(await link.getAttribute("aria-current")).toBeNull();
    await link.click();
    await heading(visit, "Sign in");
    expect(await link.getAttribute("aria-current")).toBe("page");
  });

  it("the menu loads no document anew, and leaves to the browser what asks for a new tab", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await page.goto("/", { waitUntil: "networkidle" });
      const document = await page.evaluateHandle(() => window.document);
      const link = page.getByRole("navigation", { name: "Features" }).getByRole("link", { name: "Sign in" });
      const tab = page.context().waitForEvent("page");
      await link.click({ modifiers: ["Control"] });
      await (await tab).waitForURL("**/accounts/login");
      expect(new URL(page.url()).pathname).toBe("/");
      await link.click();
      await heading(visit, "Sign in");
      expect(await page.evaluate((before) => before === window.document, document)).toBe(true);
    }));

  it("links lead on and forms are sent also where the browser is told to let no page keep anything", () =>
    open({}, async (visit) => {
      // A context that nobody listens to: an inline script of Remix complains on each page, and goes on.
      const strict = await visit.page.context().browser()!.newContext({ baseURL: visit.server.url });
      onTestFinished(() => strict.close());
      await strict.addInitScript(() => {
        const get = () => {
          throw new DOMException("Access is denied for this document.", "SecurityError");
        };
        Object.defineProperty(window, "sessionStorage", { configurable: true, get });
      });
      const page = await strict.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto("/", { waitUntil: "networkidle" });
      await page.getByRole("listitem").getByRole("link", { name: "Chat", exact: true }).click();
      await page.getByText("Connected", { exact: true }).waitFor();
      await page.getByLabel("Your name").fill("Nora");
      for (const text of ["by the form", "over the line"]) {
        await page.getByRole("textbox", { name: "Message" }).fill(text);
        await page.getByRole("button", { name: "Send" }).click();
        await page.getByRole("log").getByText(text).waitFor();
      }
    }));

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
        const link = page
          .getByRole("navigation", { name: "Features" })
          .getByRole("link", { name: "Sign in" });
        expect(await link.isVisible()).toBe(false);
        await page.getByRole("button", { name: "Menu" }).click();
        await link.click();
        await page.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
        expect(await link.isVisible()).toBe(false);
      }),
  );

  it.each([
    [360, 553],
    [640, 360],
    [320, 256],
  ])("on a screen of %i by %i the last entry of the menu can be reached", (width, height) =>
    open({ viewport: { width, height } }, async ({ page }) => {
      await page.goto("/");
      await page.getByRole("button", { name: "Menu" }).click();
      const last = page.getByRole("navigation", { name: "Features" }).getByRole("link").last();
      await last.scrollIntoViewIfNeeded();
      const bottom = await last.evaluate((link) => link.getBoundingClientRect().bottom);
      expect(bottom).toBeLessThanOrEqual(height);
    }),
  );

  story(open, "the keyboard reaches the skip link first, and the content through it", async ({ page }) => {
    await page.goto("/accounts/login");
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
        await page.goto("/", { waitUntil: "commit" });
        await page.locator("main").waitFor({ state: "attached" });
        for (let key = 0; key < 8; key += 1) await page.keyboard.press("Tab");
        await page.waitForLoadState("networkidle");
      }
    }));

  it("a slow page shows a progress bar, which goes when the page is there", () =>
    open({}, async ({ page }) => {
      await page.goto("/", { waitUntil: "networkidle" });
      let release = () => {};
      await page.route("**/accounts/login.data*", async (route) => {
        await new Promise<void>((go) => {
          release = go;
        });
        await route.continue();
      });
      await page.getByRole("link", { name: "Sign in" }).click();
      const bar = page.getByRole("progressbar", { name: "Loading" });
      await bar.waitFor();
      expect(await bar.evaluate((element) => getComputedStyle(element).animationDelay)).toBe("0.15s");
      release();
      await bar.waitFor({ state: "detached" });
    }));

  it("a page that comes without a document being loaded is told by its title to who cannot see it", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await page.goto("/", { waitUntil: "networkidle" });
      const told = page.locator("body > [aria-live]");
      expect(await told.textContent()).toBe("");
      await page.getByRole("link", { name: "Sign in" }).click();
      await expect.poll(() => told.textContent()).toBe("Sign in · Tenfold");
      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await heading(visit, "Forgot your password?");
      await expect.poll(() => told.textContent()).toBe(await page.title());
    }));

  it("while a form is on its way nothing is said, and the same words after it are said anew", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/accounts");
      await page.waitForLoadState("networkidle");
      const save = page.getByRole("button", { name: "Save" });
      await save.click();
      await said(visit, "Saved.");
      const before = await page.getByText("Saved.").elementHandle();
      let release = () => {};
      await page.route("**/accounts.data*", async (route) => {
        if (route.request().method() === "POST") await new Promise<void>((go) => (release = go));
        await route.continue();
      });
      await save.click();
      await page.getByText("Saved.").waitFor({ state: "hidden" });
      release();
      await said(visit, "Saved.");
      expect(await before!.evaluate((element) => element.isConnected)).toBe(false);
    }));

  it("a double click sends a form once", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/accounts");
      await page.waitForLoadState("networkidle");
      let posts = 0;
      page.on("request", (request) => {
        if (request.method() === "POST") posts += 1;
      });
      await page.getByRole("button", { name: "Save" }).dblclick();
      await said(visit, "Saved.");
      await page.waitForLoadState("networkidle");
      expect(posts).toBe(1);
    }));

  it("a form that is on its way is not sent again unless it was changed, and who goes on is told of no fault", () =>
    open({}, async (visit) => {
      const { page } = visit;
      await signInTo(visit, "/accounts");
      await page.waitForLoadState("networkidle");
      const posts: string[] = [];
      await page.route("**/*.data*", async (route) => {
        if (route.request().method() === "POST") posts.push(route.request().url());
        else await route.fallback();
      });
      const told = await page.getByRole("status").evaluateHandle((status) => {
        const texts: (string | null)[] = [];
        new MutationObserver(() => texts.push(status.textContent)).observe(status, { childList: true });
        return texts;
      });
      const save = page.getByRole("button", { name: "Save" });
      await save.click();
      await page.getByRole("progressbar", { name: "Loading" }).waitFor();
      await save.click();
      await save.press("Enter");
      expect(posts).toHaveLength(1);
      await page.getByLabel("Display name").fill("On second thoughts");
      await save.click();
      await expect.poll(() => posts.length).toBe(2);
      await page.getByRole("link", { name: "Change password" }).click();
      await heading(visit, "Change password");
      expect(posts).toHaveLength(2);
      expect(await told.jsonValue()).toEqual([]);
    }));

  it("a page that cannot be reached says so", () =>
    open({}, async ({ page }) => {
      await page.goto("/accounts/login", { waitUntil: "networkidle" });
      await page.context().setOffline(true);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
    }));

  looksRight(open, "home", ({ page }) => page.goto("/").then(() => {}));
  looksRight(open, "missing page", ({ page }) => page.goto("/nowhere").then(() => {}));
  looksRight(open, "wrong method", ({ page }) => page.goto("/accounts/logout").then(() => {}));
});
