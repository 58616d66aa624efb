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
  },
  async () => {
    house = await startHouse();
    return house;
  },
);

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
