import { expect, it } from "vitest";
import { type Stub, startStub } from "~/features/weather/stub.server";
import { heading, inBrowser, looksRight, story, type Visit } from "../helpers/browser";
import { startServer } from "../helpers/server";

/** At nine in the morning in London, so that each run looks the same. */
const now = () => new Date("2026-03-14T09:20:00Z");
let stub: Stub;

async function withStub() {
  stub = await startStub({ now });
  const server = await startServer({ WEATHER_BASE_URL: stub.url });
  const stop = async () => {
    await server.stop();
    await stub.stop();
  };
  return { ...server, stop };
}

/** A server whose source is not there: nobody listens on that port. */
const withoutSource = () => startServer({ WEATHER_BASE_URL: "http://127.0.0.1:1" });

async function ask({ page }: Visit, city: string) {
  await page.getByLabel("City").fill(city);
  await page.getByRole("button", { name: "Show weather" }).click();
}
const shown = ({ page }: Visit, city: string) =>
  page.getByRole("heading", { level: 2, name: city, exact: true }).waitFor();

inBrowser(
  "weather",
  (open) => {
    story(open, "a city is asked for, shown, and found again by its URL", async (visit) => {
      const { page } = visit;
      await page.goto("/weather");
      await ask(visit, "London");
      await shown(visit, "London");
      expect(new URL(page.url()).search).toBe("?city=London");
      expect(await page.title()).toBe("Weather in London · Tenfold");
      expect(await page.getByLabel("City").inputValue()).toBe("London");
      await page
        .getByText("Measured at 09:20 local time in London, City of London, Greater London")
        .waitFor();
      for (const words of ["Feels like", "Wind", "19 km/h from WSW", "Humidity", "72%"])
        await page.getByText(words, { exact: true }).waitFor();
      for (const name of ["Today 14 March", "Sunday 15 March", "Monday 16 March"])
        await page.getByRole("heading", { name }).waitFor();
      await page.getByRole("img", { name: "Temperature 7 °C to 13 °C, warmest at 15:00." }).waitFor();
      await page.reload();
      await shown(visit, "London");
    });

    it("what is typed while an answer is on its way is kept", () =>
      open({}, async (visit) => {
        const { page } = visit;
        await page.goto("/weather");
        let answer = () => {};
        const held = new Promise<void>((resolve) => {
          answer = resolve;
        });
        await page.route("**/weather.data?*", (route) => held.then(() => route.continue()));
        await ask(visit, "London");
        await page.getByLabel("City").fill("Par");
        answer();
        await shown(visit, "London");
        expect(await page.getByLabel("City").inputValue()).toBe("Par");
      }));

    story(open, "one city is asked of the source once, whatever its case", async (visit) => {
      const { page, scripted } = visit;
      const before = stub.asked.length;
      await page.goto("/weather");
      const city = scripted ? "Paris" : "Nairobi";
      for (const typed of [city, ` ${city.toUpperCase()} `, city.toLowerCase()]) {
        await ask(visit, typed);
        await shown(visit, typed.trim());
      }
      expect(stub.asked.slice(before)).toEqual([`/${city}?format=j1`]);
    });

    story(open, "the numbers behind a chart are there as a table", async (visit) => {
      const { page } = visit;
      await page.goto("/weather?city=Tokyo");
      await page.getByText("Table of Today").click();
      const row = page.getByRole("row", { name: /^12:00/ }).first();
      expect(await row.getByRole("cell").allTextContents()).toEqual([
        "Moderate or heavy rain with thunder",
        "22 °C",
        "8.1 mm, 92%",
      ]);
    });

    story(open, "the unit is in the URL, and stays for the next city", async (visit) => {
      const { page } = visit;
      await page.goto("/weather?city=London");
      await page.getByRole("link", { name: "°F Fahrenheit", exact: true }).click();
      await page.waitForURL(/unit=f/);
      await page.getByText("12 mph from WSW").waitFor();
      await ask(visit, "Tromsø");
      await shown(visit, "Tromsø");
      expect(page.url()).not.toContain("unit");
      await page.getByText("The sun neither rises nor sets").first().waitFor();
      expect(
        await page.getByRole("link", { name: "°F Fahrenheit", exact: true }).getAttribute("aria-current"),
      ).toBe("true");
      await page.goto("/weather?city=London&unit=c");
      await page.getByText("19 km/h from WSW").waitFor();
    });

    story(open, "the cities of this browser are offered, until it forgets them", async (visit) => {
      const { page } = visit;
      for (const city of ["London", "Paris", "Tokyo"]) await page.goto(`/weather?city=${city}`);
      await page.goto("/weather");
      const recent = page.getByRole("navigation", { name: "Recent cities" });
      expect(await recent.getByRole("link").allTextContents()).toEqual(["Tokyo", "Paris", "London"]);
      await recent.getByRole("link", { name: "Paris" }).click();
      await shown(visit, "Paris");
      expect(await recent.getByRole("link").allTextContents()).toEqual(["Tokyo", "London"]);
      await page.getByRole("button", { name: "Forget these" }).click();
      await recent.waitFor({ state: "detached" });
      expect(new URL(page.url()).search).toBe("");
    });

    story(open, "an unknown city is said to be unknown, and no name is told why", async (visit) => {
      const { page } = visit;
      await page.goto("/weather");
      await ask(visit, "Xyzzy");
      await shown(visit, "No city of this name is known");
      expect(await page.getByLabel("City").inputValue()).toBe("Xyzzy");
      await ask(visit, "../Xyzzy");
      const summary = page.getByRole("alert", { name: "There is a problem" });
      await summary
        .getByRole("link", { name: "City must be a name, such as London, without the character /" })
        .click();
      const field = page.getByLabel("City");
      await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await field.inputValue()).toBe("../Xyzzy");
      expect(await page.title()).toBe("Error: Weather · Tenfold");
    });

    looksRight(open, "weather", async (visit) => {
      await visit.page.goto("/weather?city=Paris");
      await visit.page.goto("/weather?city=London");
      await shown(visit, "London");
    });
    for (const city of ["Paris", "Tokyo", "Reykjavik", "San Francisco", "Auckland", "Tromsø", "Nairobi"]) {
      looksRight(open, `weather in ${city}`, async (visit) => {
        await visit.page.goto(`/weather?city=${city}`);
        await shown(visit, city);
      });
    }
    looksRight(open, "weather with a table", async (visit) => {
      await visit.page.goto("/weather?city=Tokyo&unit=f");
      await visit.page.getByText("Table of Today").click();
    });
    looksRight(open, "weather of nowhere yet", (visit) => visit.page.goto("/weather").then(() => {}));
    looksRight(open, "weather of an unknown city", async (visit) => {
      await visit.page.goto("/weather?city=Xyzzy");
      await shown(visit, "No city of this name is known");
    });
  },
  withStub,
);

inBrowser(
  "weather without its source",
  (open) => {
    story(open, "is said to be out of reach, never to be an unknown city", async (visit) => {
      const { page } = visit;
      await page.goto("/weather");
      await ask(visit, "London");
      await shown(visit, "The source cannot be reached");
      await page.getByText("That says nothing about “London”").waitFor();
      await page.getByRole("link", { name: "Try again" }).click();
      await shown(visit, "The source cannot be reached");
      await heading(visit, "Weather");
    });
    looksRight(open, "weather out of reach", async (visit) => {
      await visit.page.goto("/weather?city=London");
      await shown(visit, "The source cannot be reached");
    });
  },
  withoutSource,
);
