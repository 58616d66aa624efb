import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, guide, link } from "../helpers/guide";
import type { Terminal } from "../helpers/terminal";

/** The terminal of the stand-in. */
let stub: Terminal;
/** The line that starts it as one that never answers. */
let neverAnswers: string;
const READY = /It knows .*\n/;
const HALF_A_MINUTE = 31;

/** What the stand-in was asked for since it was started. */
const asked = () => stub.output().match(/^\/.*$/gm) ?? [];

async function enter(page: Page, city: string) {
  await page.getByLabel("City").fill(city);
  await button(page, "Show weather").click();
}
const shown = (page: Page, city: string) =>
  page.getByRole("heading", { level: 2, name: city, exact: true }).waitFor();
const open = (page: Page, city: string) => page.goto(`/weather?city=${city}`);

guide("weather", {
  1: async ({ page, start, openTerminal }, commands, line, address, city, path, question) => {
    stub = openTerminal();
    await stub.begin(commands, READY);
    await start(line);
    await page.goto(address);
    await enter(page, city);
    await page.waitForURL(`**${path}`);
    await shown(page, city);
    expect(asked()).toEqual([question]);
  },
  2: async ({ page, scripted }, capitals, paris) => {
    const before = asked().length;
    await enter(page, capitals);
    await shown(page, capitals.trim());
    expect(asked()).toHaveLength(before);
    await enter(page, paris);
    await shown(page, paris);
    expect(asked()).toHaveLength(scripted ? before + 1 : before);
  },
  3: async ({ page, sees }, tromsø, sun) => {
    await link(page, "°F Fahrenheit").click();
    await page.waitForURL(/unit=f/);
    await sees("°F", "mph");
    await page.getByText(" in", { exact: false }).first().waitFor();
    await enter(page, tromsø);
    await shown(page, tromsø);
    await sees(sun);
    expect(await link(page, "°F Fahrenheit").getAttribute("aria-current")).toBe("true");
  },
  4: async ({ page, sees }, unknown, said, path, refused) => {
    await enter(page, unknown);
    await sees(said);
    await enter(page, path);
    await sees(refused);
  },
  5: async ({ page }, london, table) => {
    await open(page, london);
    await page.getByText(table).click();
    await page
      .getByRole("row", { name: /^12:00/ })
      .first()
      .waitFor();
  },
  6: async ({ page, withoutJavaScript }) => {
    await withoutJavaScript(`${page.url()}&unit=c`, 2, 5);
  },
  7: async ({ run }, question, commands) => {
    await run(commands);
    expect(asked().filter((path) => path === question)).toHaveLength(1);
  },
  8: async ({ page, later, sees }, unavailable, tokyo, unreachable) => {
    await stub.interrupt();
    await open(page, "London");
    await shown(page, "London");
    expect(await page.getByText(unavailable).count()).toBe(0);
    await later(5 * 60);
    await page.reload();
    await shown(page, "London");
    await sees(unavailable);
    await enter(page, tokyo);
    await sees(unreachable);
  },
  9: async ({ page, later, sees }, commands, tokyo, auckland) => {
    neverAnswers = commands;
    await stub.begin(commands, READY);
    await later(HALF_A_MINUTE);
    await open(page, tokyo);
    await sees("The source cannot be reached");
    expect(asked()).toHaveLength(1);
    await open(page, auckland);
    await sees("The source cannot be reached");
    expect(asked()).toHaveLength(1);
  },
  10: async ({ page, later }, tokyo, slow, overQuota, broken, well) => {
    for (const mood of [slow, overQuota, broken, well]) {
      await stub.interrupt();
      await stub.begin(neverAnswers.replace("never", mood), READY);
      await later(HALF_A_MINUTE);
      await open(page, tokyo);
      await shown(page, mood === well ? tokyo : "The source cannot be reached");
      expect(asked()).toHaveLength(1);
    }
  },
  11: async ({ run, stop, badInput }, remove) => {
    await badInput();
    await stub.interrupt();
    await stop();
    await run(remove);
  },
});
