import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessRows, pathOf } from "../helpers/access-table";
import {
  addPeople,
  LONG,
  PASSWORD,
  post,
  type RawAnswer,
  type RunningServer,
  sessionCookie,
  setupPath,
} from "../helpers/server";
import {
  ask,
  crawl,
  each,
  encoded,
  type House,
  isHtml,
  isTyped,
  kindsOf,
  type Page,
  routeOf,
  startHouse,
  startSite,
} from "../helpers/site";

/** The HTML standard and what can be said of accessibility without a browser; axe says the rest. */
const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    rules: {
      // A button of a form sends it, which is what ours are for.
      "no-implicit-button-type": "off",
      // It does not know that a button may be named by its label; axe does.
      "text-content": "off",
      // A list that can be acted on is a form, also where there is nothing to act on.
      "wcag/h32": "off",
      // Without JavaScript the chat loads itself anew: what is real time is excepted (WCAG 2.2, 2.2.1).
      "meta-refresh": "off",
    },
  }),
);

/** What is wrong with the HTML of pages: a line for each fault, with the first page that has it. */
async function faultsOf(pages: { path: string; answer: RawAnswer }[]) {
  const faults = new Map<string, string>();
  for (const { path, answer } of pages) {
    if (!isHtml(answer)) continue;
    const { results } = await validator.validateString(answer.body);
    for (const { ruleId, message, selector } of results.flatMap(({ messages }) => messages))
      faults.set(`${ruleId} ${message}`, `${path}: ${ruleId}: ${message} (${selector})`);
  }
  return [...faults.values()];
}

let house: House;
/** A private site that nobody has used yet. */
let bare: RunningServer;
let reached: Page[];

beforeAll(async () => {
  [house, bare] = await Promise.all([startHouse(), startSite({ REQUIRE_LOGIN: "true" })]);
});
afterAll(() => Promise.all([house.stop(), bare.stop()]));

const answers = (paths: Iterable<string>, headers: Record<string, string>) =>
  each(paths, async (path) => ({ path, answer: await ask(house, path, { headers }) }));

/** The URLs of the table that answer GET. */
const urls = accessRows
  .filter(({ url }) => url.startsWith("GET "))
  .map((row) => ({ ...row, url: row.url.slice(4) }));

/** One path for each screen that the superuser has reached. */
const oneOfEach = () => new Map(reached.map(({ path }) => [kindsOf(path)[0], path])).values();

describe("every page", { timeout: 2 * LONG }, () => {
  it("that a superuser comes to by links is there, and is valid HTML", async () => {
    const { pages, broken } = await crawl(house, house.boss);
    reached = pages;
    expect(broken).toEqual([]);
    expect(await faultsOf(pages)).toEqual([]);
  });
  it("that anybody comes to by links is there, and is valid HTML", async () => {
    const { pages, broken } = await crawl(house);
    expect(broken).toEqual([]);
    expect(await faultsOf(pages)).toEqual([]);
  });
  it("that no link leads to is valid HTML", async () => {
    const known = new Set(reached.map(({ path }) => routeOf(path).url));
    const others = urls.filter(({ url }) => !known.has(url));
    expect(others.length).toBeGreaterThan(0);
    expect(await faultsOf(await answers(others.map(pathOf), house.boss))).toEqual([]);
  });
  it.each([
    ["is anonymous", {}],
    ["has no permissions", { username: "plain", password: PASSWORD }],
  ])("is valid HTML, or a refusal in valid HTML, for who %s", async (_, login) => {
    const cookie = sessionCookie(await post(house, "/accounts/login", login)).split(";")[0]!;
    const found = await answers(oneOfEach(), { Cookie: cookie });
    expect(await faultsOf(found)).toEqual([]);
    expect(found.some(({ answer }) => answer.status === (cookie ? 403 : 302))).toBe(true);
  });
  it("of what does not exist is a 404 in valid HTML", async () => {
    const missing = urls.filter(({ url }) => /[:*]/.test(url)).map(({ url }) => url.replace(/:\w+|\*/g, "0"));
    const found = await answers(missing, house.boss);
    expect(await faultsOf(found)).toEqual([]);
    expect(found.filter(({ answer }) => answer.status === 404).length).toBeGreaterThan(found.length / 2);
  });
  it("is valid HTML where nothing is there yet, and on a private site", async () => {
    const path = await setupPath(bare);
    const pages = [{ path, answer: await ask(bare, path) }];
    for (const headers of [{}, await addPeople(bare, "boss")]) {
      const found = await crawl(bare, headers);
      expect(found.broken).toEqual([]);
      pages.push(...found.pages);
    }
    expect(await faultsOf(pages)).toEqual([]);
  });
  it("with a form is valid HTML where the form was refused", async () => {
    const forms = new Map(
      reached
        .flatMap(({ forms }) => forms)
        .filter(({ method, fields }) => method === "POST" && fields.some(isTyped))
        .map((form) => [kindsOf(form.action)[0], form]),
    );
    const refused = await each(forms.values(), async ({ action, enctype, fields }) => {
      const sent = fields
        .filter((field) => field.sent)
        .map((field): [string, string] => [field.name, isTyped(field) ? "" : field.value]);
      const answer = await ask(house, action, { method: "POST", ...encoded(enctype, sent, house.boss) });
      return { path: `${action}, refused`, answer };
    });
    expect(await faultsOf(refused)).toEqual([]);
    expect(refused.filter(({ answer }) => answer.status === 422).length).toBeGreaterThan(forms.size / 2);
  });
});
