/**
 * Assignment 05: the weather. “Nearly instant” means that the source is not asked again. Our own source says each time
 * how often it has been asked; what another one says may stay the same by itself.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { site, visitor } from "./site";
import type { Page } from "./visitor";
import { startSource } from "./weather-source";

const somebody = visitor();
let stop = () => {};
beforeAll(async () => {
  if (site.weatherUrl) stop = await startSource(site.weatherUrl);
});
afterAll(() => stop());

const search = async (city: string) => (await somebody.open("/weather")).press("Show weather", { city });
const readingIn = (page: Page) => page.find("section[aria-labelledby=now] dl").text;
const reading = async (city: string) => readingIn(await search(city));

it("1. the form leads to an address that can be kept", async () => {
  const page = await search("London");
  expect([page.status, page.path, page.url.search]).toEqual([200, "/weather", "?city=London"]);
  expect((await visitor().open("/weather?city=London")).find("#now").text).toBe("London");
});
it("2. the weather in London comes: temperature, wind, humidity, and the place that it was measured in", async () => {
  const page = await search("London");
  expect(page.find("#now").text).toBe("London");
  expect(page.find("section[aria-labelledby=now]").text).toMatch(/-?\d+ ?°C.*Measured at .* in .*London/);
  expect(readingIn(page)).toMatch(/Feels like.*Wind.*Humidity/);
});
it("3. London again is what the source said before", async () => {
  // A reading that is old by now is renewed behind the first answer: the two after it are the same.
  await expect.poll(async () => [await reading("London"), await reading("London")]).toSatisfy(areSame);
});
it("3. so is London in other letters", async () => {
  const first = await reading("London");
  expect(await reading("  lonDON ")).toBe(first);
});
it("4. Paris is asked for", async () => {
  const page = await search("Paris");
  expect(page.find("section[aria-labelledby=now]").text).toMatch(/Measured at .* in .*Paris/);
  if (site.weatherUrl) expect(readingIn(page)).not.toBe(await reading("London"));
});
it("4. a city that cannot be one is refused with the reason", async () => {
  const page = await search("");
  expect([page.status, page.find("#city-error").text]).toEqual([422, expect.stringContaining("city")]);
});

const areSame = (readings: string[]) => readings[0] === readings[1];
