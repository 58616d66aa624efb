/** A real browser against the production server. Stories run twice: with JavaScript and without. */
import { mkdirSync } from "node:fs";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium";
import { addPeople, PASSWORD, type RunningServer, startServer } from "./server";

/** A folder to keep screenshots in, to look at. */
const { SHOTS } = process.env;

export interface Visit<Server = RunningServer> {
  page: Page;
  server: Server;
  /** Whether the page runs JavaScript. */
  scripted: boolean;
}

/**
 * Declares tests in a browser, of a server with a superuser called boss where `start` starts no other. Without a
 * browser they count as skipped; `npm test` says so loudly.
 */
export function inBrowser(name: string, declare: (open: Open) => void): void;
export function inBrowser<Server extends Served>(
  name: string,
  declare: (open: Open<Server>) => void,
  start: () => Promise<Server>,
): void;
export function inBrowser(
  name: string,
  declare: (open: Open) => void,
  start: () => Promise<RunningServer> = withPeople("boss"),
) {
  describe.skipIf(!process.env.CHROMIUM)(name, () => {
    let browser: Browser;
    let server: RunningServer;
    beforeAll(async () => {
      browser = await launchChromium();
      server = await start();
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });
    declare(async (options, use) => {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      const complaints = listen(page);
      try {
        await use({ page, server, scripted: options.javaScriptEnabled !== false });
        expect(complaints).toEqual([]);
      } catch (error) {
        throw await withWhatIsShown(error as Error, context, complaints);
      } finally {
        await context.close();
      }
    });
  });
}

/** An error that also says what stands on the pages by then, as far as they tell within a second. */
async function withWhatIsShown(error: Error, context: BrowserContext, complaints: string[]) {
  const shown = context.pages().map(async (page) => {
    const outline = await page
      .locator("body")
      .ariaSnapshot({ timeout: 1_000 })
      .catch(() => "no answer");
    return `\nThe browser shows ${page.url()}\n${outline.slice(0, 5_000)}`;
  });
  error.message = [error.message, ...complaints, ...(await Promise.all(shown))].join("\n");
  return error;
}

type Served = Pick<RunningServer, "url" | "stop">;
type Open<Server = RunningServer> = (
  options: BrowserContextOptions,
  use: (visit: Visit<Server>) => Promise<void>,
) => Promise<void>;

/** One script, told twice: every page works without JavaScript, and is the same with it. */
export function story(open: Open, name: string, tell: (visit: Visit) => Promise<void>) {
  it.each([
    ["with JavaScript", true],
    ["without JavaScript", false],
  ])(`${name} %s`, (_, javaScriptEnabled) => open({ javaScriptEnabled }, tell));
}

/** Has a form with files sent at so many bytes a second. @returns its bar, once that has been seen to move. */
export async function sendSlowly(page: Page, uploadThroughput: number, send: () => Promise<unknown>) {
  const network = await page.context().newCDPSession(page);
  const rest = { offline: false, latency: 0, downloadThroughput: -1 };
  await network.send("Network.emulateNetworkConditions", { ...rest, uploadThroughput });
  await send();
  const bar = page.getByRole("progressbar", { name: "Upload" });
  await bar.waitFor();
  const parts = new Set<number>();
  await expect
    .poll(async () => {
      parts.add(await bar.evaluate((element: HTMLProgressElement) => element.value));
      return parts.size;
    })
    .toBeGreaterThan(2);
  return bar;
}

/** Starts a server with people to sign in as, the first of them a superuser. */
export const withPeople =
  (superuser: string, ...others: string[]) =>
  async () => {
    const server = await startServer();
    await addPeople(server, superuser, ...others);
    return server;
  };

type Shown = Pick<Visit, "page">;

/** Fills in the login that is shown, and sends it. */
export async function signIn({ page }: Shown, username: string, password = PASSWORD) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in without the form, and opens a page. */
export async function signInTo({ page }: Shown, path: string, username = "boss") {
  const answer = await page.request.post("/accounts/login", { form: { username, password: PASSWORD } });
  expect(answer.ok(), "the login").toBe(true);
  await page.goto(path);
}

/** Waits for the page that has this heading. */
export const heading = ({ page }: Shown, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();

/** Waits for a flash message. */
export const said = ({ page }: Shown, text: string | RegExp) =>
  page.getByRole("status").getByText(text).waitFor();

/** What is said a second time stands there once, in an element that is new: screen readers hear it again. */
export async function saidAgain(message: Locator, act: () => Promise<void>) {
  const before = await message.elementHandle();
  await act();
  await expect.poll(() => before?.evaluate((element) => element.isConnected)).toBe(false);
  await message.waitFor();
  expect(await message.count()).toBe(1);
}

/** What a browser complains about: faults in scripts, errors on the console, the content security policy. */
function listen(page: Page) {
  const complaints: string[] = [];
  // Remix says so of the data of a page that it was itself told to give up, as one went on.
  const givenUp = /signal is aborted without reason/;
  page.on("pageerror", ({ message }) => {
    if (!givenUp.test(message)) complaints.push(`fault: ${message}`);
  });
  page.on("console", (message) => {
    // A refused form, a missing page and whatever is asked for without a connection are reported as errors; the
    // stories provoke these.
    const refused =
      /^(Failed to fetch manifest patches TypeError: Failed to fetch|Failed to load resource: (the server responded with a status of (4|503)|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED))|WebSocket connection to '[^']*' failed: Error (in connection establishment|during WebSocket handshake): net::ERR)/;
    const isExpected = [refused, givenUp].some((known) => known.test(message.text()));
    if (["error", "warning"].includes(message.type()) && !isExpected) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  return complaints;
}

const SIZES = [360, 1280];
const SCHEMES = ["light", "dark"] as const;

/** The elements that make a page wider than its screen. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map((element) => element.outerHTML.slice(0, 120));
  });

/** Cells of rows that are shown as rows, and are not shown as cells: their borders do not meet. */
const raggedCells = (page: Page) =>
  page.evaluate(() => {
    const display = (element: Element) => getComputedStyle(element).display;
    return [...document.querySelectorAll("tr > *")]
      .filter((cell) => display(cell.parentElement!) === "table-row")
      .filter((cell) => !["table-cell", "none"].includes(display(cell)))
      .map((cell) => cell.outerHTML.slice(0, 120));
  });

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules that look at colours. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** What axe finds wrong with a page, by all of its rules or by some. */
async function violationsOf(page: Page, runOnly = TAGS) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (runOnly) => {
    const here = window as unknown as { axe: typeof axe };
    const { violations } = await here.axe.run({ runOnly, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, runOnly);
}

/** What is wrong with a page as it is, narrow and wide: it does not fit, or axe finds something. */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const width of SIZES) {
    await page.setViewportSize({ width, height: 800 });
    const wide = (await tooWide(page)).map((element) => `wider than the screen: ${element}`);
    for (const fault of [...wide, ...(await violationsOf(page))]) faults.push(`${width} px: ${fault}`);
  }
  return faults;
}

/** A word as long as a title may be. */
const LONG_WORD = "x".repeat(200);

/** What becomes wider than a narrow screen where a page's texts are each one long word. Leaves the page like that. */
export async function faultsOfLongWords(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: SIZES[0]!, height: 800 });
  await page.evaluate((word) => {
    const texts = "h1, h2, h3, p, dd, td, li, li > :is(a, span):not(.button, .badge), .tile a";
    for (const element of document.querySelectorAll(`main :is(${texts})`)) {
      const isText = [...element.childNodes].every(({ nodeType }) => nodeType === Node.TEXT_NODE);
      if (isText && element.textContent) element.textContent = word;
    }
    document.querySelector(".flashes")!.innerHTML = `<div class="flash"><p>${word}</p></div>`;
  }, LONG_WORD);
  return (await tooWide(page)).map((element) => `with long words wider than the screen: ${element}`);
}

/** A page as it looks narrow and wide, light and dark: it fits, axe finds nothing, and SHOTS gets a screenshot. */
export function looksRight(open: Open, name: string, show: (visit: Visit) => Promise<void>) {
  it(`${name} fits and is accessible, narrow and wide, light and dark`, () =>
    open({ viewport: { width: SIZES[0]!, height: 800 } }, async (visit) => {
      await show(visit);
      const { page } = visit;
      if (SHOTS) mkdirSync(SHOTS, { recursive: true });
      for (const width of SIZES) {
        await page.setViewportSize({ width, height: 800 });
        expect(await tooWide(page), `wider than a screen of ${width}`).toEqual([]);
        expect(await raggedCells(page), "cells out of line").toEqual([]);
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          const rules = colorScheme === "light" ? TAGS : COLOUR_RULES;
          expect(await violationsOf(page, rules), `${width} px, ${colorScheme}`).toEqual([]);
          const path = `${SHOTS}/${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`;
          if (SHOTS) await page.screenshot({ path, fullPage: true });
        }
      }
    }));
}
