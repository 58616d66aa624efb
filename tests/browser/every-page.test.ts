import { expect, it } from "vitest";
import { accessRows, pathOf } from "../helpers/access-table";
import { faultsOf, faultsOfLongWords, inBrowser, signInTo } from "../helpers/browser";
import { LONG } from "../helpers/server";
import { ask, crawl, type House, isHtml, routeOf, startHouse } from "../helpers/site";

let house: House;

inBrowser(
  "every page of the table of URLs",
  (open) => {
    it(
      "fits, even where a text is one long word, is accessible and has no fault in the browser, narrow and wide",
      () =>
        open({}, async (visit) => {
          const { page } = visit;
          await signInTo(visit, "/");
          const faults: string[] = [];
          for (const path of await pages()) {
            await page.goto(path);
            const found = [...(await faultsOf(page)), ...(await faultsOfLongWords(page))];
            for (const fault of found) faults.push(`${path}, ${fault}`);
          }
          expect(faults).toEqual([]);
        }),
      2 * LONG,
    );

    it(
      "keeps what is typed and chosen while it comes alive, and hears of it once it is",
      () =>
        open({}, async (visit) => {
          const { page } = visit;
          await signInTo(visit, "/");
          await page.addInitScript(() => {
            addEventListener("input", ({ isTrusted }) => {
              if (!isTrusted) document.documentElement.dataset.heard = "yes";
            });
          });
          let release = () => {};
          let held: Promise<void>;
          await page.route(SCRIPT, async (route) => {
            await held;
            await route.continue();
          });
          const lost: string[] = [];
          let changed = 0;
          for (const path of await pages()) {
            const { body } = await ask(house, path, { headers: house.boss });
            if (!/<(textarea|select|input)\b(?![^>]* type="hidden")/.test(body)) continue;
            held = new Promise((resolve) => {
              release = resolve;
            });
            await page.goto(path, { waitUntil: "commit" });
            await page.locator("#main").waitFor({ state: "attached" });
            const came = await page.evaluate(valuesOf, CONTROLS);
            await page.evaluate(fillIn, CONTROLS);
            const left = await page.evaluate(valuesOf, CONTROLS);
            release();
            const touched = left.filter((value, at) => value !== came[at]).length;
            await (touched > 0 ? page.locator("html[data-heard]").waitFor() : page.waitForLoadState());
            const alive = await page.evaluate(valuesOf, CONTROLS);
            for (const [at, value] of left.entries())
              if (alive[at] !== value) lost.push(`${path}: ${value} became ${alive[at]}`);
            changed += touched;
          }
          expect(lost).toEqual([]);
          expect(changed).toBeGreaterThan(20);
        }),
      2 * LONG,
    );
  },
  async () => {
    house = await startHouse();
    return house;
  },
);

/** What brings a page to life. */
const SCRIPT = "**/assets/entry.client-*.js";
/** What one fills in. What is typed into a search is followed, and another page may come of it. */
const CONTROLS =
  "main :is(textarea, select, input:not([type=hidden], [type=file])):not(:disabled, [readonly], [role=search] *)";

/** What each control of a page holds. */
function valuesOf(controls: string) {
  return [...document.querySelectorAll<HTMLInputElement>(controls)].map(({ name, type, value, checked }) =>
    ["checkbox", "radio"].includes(type) ? `${name}=${value}: ${checked}` : `${name}: ${value}`,
  );
}

/** Has each control of a page hold something else, as a browser does for who types and chooses. */
function fillIn(controls: string) {
  const dates: Record<string, string> = { date: "2031-05-07", "datetime-local": "2031-05-07T10:00" };
  for (const control of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(controls)) {
    if (control instanceof HTMLSelectElement) control.selectedIndex = control.length - 1;
    else if (control.type === "checkbox") control.checked = !control.checked;
    else if (control.type === "radio") control.checked = true;
    else control.value = dates[control.type] ?? `${control.value}7`;
  }
}

/** A page of each screen that links lead to, and those of the table that none leads to. */
async function pages() {
  const reached = (await crawl(house, house.boss)).pages.filter(({ answer }) => isHtml(answer));
  const screens = new Map(reached.map(({ path }) => [routeOf(path).url, path]));
  for (const row of accessRows.filter(({ url }) => url.startsWith("GET "))) {
    const path = pathOf(row);
    const url = row.url.slice("GET ".length);
    if (!screens.has(url) && isHtml(await ask(house, path, { headers: house.boss }))) screens.set(url, path);
  }
  return screens.values();
}
