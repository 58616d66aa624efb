import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "#models/database.server";
import { features } from "../../app/features";
import {
  heading,
  inBrowser,
  looksRight,
  said,
  signIn,
  signInTo,
  story,
  type Visit,
} from "../helpers/browser";
import type { RunningServer } from "../helpers/server";

/** A page of its own, whose complaints fail no test. */
async function unheard({ page, server }: Visit) {
  const context = await page.context().browser()!.newContext({ baseURL: server.url });
  onTestFinished(() => context.close());
  return context.newPage();
}

interface Halt {
  /** Method and start of the path. */
  at: string;
  /** How much of the first piece of the answer passes; its end never does. */
  share: number;
  halted: (answer: ServerResponse) => unknown;
}

/** A way to a server on which some answers get no further than this. @returns its URL. */
async function halfway({ port }: RunningServer, { at, share, halted }: Halt) {
  const way = createServer((near, answer) => {
    const { method, url, headers } = near;
    const far = request({ port, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode!, got.headers);
      if (!`${method} ${url}`.startsWith(at)) return void got.pipe(answer);
      got.once("data", (piece: Buffer) => {
        answer.write(piece.subarray(0, piece.length * share), () => halted(answer));
      });
    });
    near.pipe(far);
  });
  await once(way.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    way.close();
    way.closeAllConnections();
  });
  return `http://127.0.0.1:${(way.address() as AddressInfo).port}/`;
}

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
      // An inline script of Remix complains on each page, and goes on.
      const page = await unheard(visit);
      await page.addInitScript(() => {
        const get = () => {
          throw new DOMException("Access is denied for this document.", "SecurityError");
        };
        Object.defineProperty(window, "sessionStorage", { configurable: true, get });
      });
      await page.goto("/", { waitUntil: "networkidle" });
      await page.getByRole("link", { name: "Sign in" }).click();
      await signIn({ page }, "boss", "not the password");
      await page.getByRole("alert").getByText("do not match").waitFor();
      await signIn({ page }, "boss");
      await page.getByRole("link", { name: "Your account, boss" }).click();
      await heading({ page }, "Your account");
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

  it.each([
    ["half", 0.5],
    ["all but their end", 1],
  ])("who goes on while the data of a page are coming gets where they go: %s", (_, share) =>
    open({}, async (visit) => {
      const { page, server } = visit;
      const held: ServerResponse[] = [];
      const halted = (answer: ServerResponse) => held.push(answer);
      const url = await halfway(server, { at: "GET /accounts/login.data", share, halted });
      await page.goto(`${url}accounts/password_reset`, { waitUntil: "networkidle" });
      await page.route("**/assets/login*.js", () => {});
      const begun = page.waitForResponse(/login\.data/);
      await page.getByRole("link", { name: "Sign in" }).click();
      await begun;
      await expect.poll(() => held.length).toBe(1);
      const answer = held[0]!;
      const left = once(answer, "close");
      await page.getByRole("link", { name: "Tenfold" }).click();
      await left;
      expect(answer.writableFinished).toBe(false);
      await heading(visit, "Tenfold");
    }),
  );

  it("an answer that breaks off is not taken for a fault of the server, and nobody is told that nothing was saved", () =>
    open({}, async (visit) => {
      // Remix complains of what it could not decode.
      const page = await unheard(visit);
      const cutAt = (at: string) =>
        halfway(visit.server, { at, share: 0.5, halted: (answer) => answer.destroy() });
      await page.goto(await cutAt("GET /accounts/login.data"), { waitUntil: "networkidle" });
      await page.getByRole("link", { name: "Sign in" }).click();
      await heading({ page }, "The server cannot be reached");

      await page.goto(await cutAt("POST /accounts/login.data"));
      await page.getByRole("link", { name: "Sign in" }).click();
      await signIn({ page }, "boss", "not the password");
      await said(
        { page },
        "The server cannot be reached. Look whether this was saved before you send it again.",
      );
      expect(await page.getByLabel("Username").inputValue()).toBe("boss");
    }));

  it("a fault of the server keeps the form and what was typed, and is not taken for a lost connection", () =>
    open({}, async (visit) => {
      const { server } = visit;
      // The browser complains of each 500.
      const page = await unheard(visit);
      await signInTo({ page }, "/accounts");
      const database = connect(server.databaseUrl);
      onTestFinished(() => database.close());
      await database.query("ALTER TABLE activities RENAME TO activities_gone");
      await page.getByLabel("Display name").fill("Kept");
      await page.getByRole("button", { name: "Save" }).click();
      await said(
        { page },
        "Something went wrong here. Look whether this was saved before you send it again.",
      );
      // It stands over what is scrolled below it.
      const background = await page
        .locator(".flash")
        .evaluate((one) => getComputedStyle(one).backgroundColor);
      expect(background).not.toMatch(/\/|rgba|transparent/);
      expect(await page.getByLabel("Display name").inputValue()).toBe("Kept");
      await database.query("ALTER TABLE activities_gone RENAME TO activities");
      await page.getByRole("button", { name: "Save" }).click();
      await said({ page }, "Saved.");
    }));

  looksRight(open, "home", ({ page }) => page.goto("/").then(() => {}));
  looksRight(open, "missing page", ({ page }) => page.goto("/nowhere").then(() => {}));
  looksRight(open, "wrong method", ({ page }) => page.goto("/accounts/logout").then(() => {}));
});
