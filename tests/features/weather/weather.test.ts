import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { action, loader } from "~/features/weather/weather";
import { log } from "~/services/log.server";
import { call, get, post } from "../../helpers/call";
import { cookieOf } from "../../helpers/people";
import { set } from "../../helpers/settings";
import { london, says, startUpstream } from "./upstream";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const pass = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1_000);

/** An upstream that the weather comes from. Each has a cache of its own, since its host is in the key. */
async function upstreamOf(...args: Parameters<typeof startUpstream>) {
  const upstream = await startUpstream(...args);
  set({ WEATHER_BASE_URL: upstream.url });
  return upstream;
}
const visit = (query: Record<string, string>, Cookie = "") =>
  call(loader, get(`/weather?${new URLSearchParams(query)}`, { Cookie }));
const found = async (city: string) => (await visit({ city })).data.found;
const never = () => {};

describe("a city", () => {
  it("is shown with what the source told: now, where and when, and each day hour by hour", async () => {
    await upstreamOf();
    const { status, data } = await visit({ city: " London " });
    expect(status).toBe(200);
    expect(data).toMatchObject({
      found: "reading",
      city: "London",
      state: "fresh",
      unit: "c",
      now: {
        place: "London, City of London, Greater London, United Kingdom",
        observed: "13:05 local time",
        temperature: ["12", "°C"],
        words: "Light rain shower",
        facts: [
          ["Feels like", "11 °C"],
          ["Wind", "19 km/h from WSW"],
          ["Humidity", "72%"],
          ["Pressure", "1016 hPa"],
          ["UV index", "3"],
        ],
      },
    });
    expect(data.days).toContain(
      "Temperature 7 °C to 13 °C, warmest at 15:00. Rain 3.3 mm, most of it from 06:00.",
    );
    expect(data.days.match(/<th scope="row">/g)).toHaveLength(24);
  });
  it("comes in °F, mph and inches where the URL or the cookie says so", async () => {
    await upstreamOf();
    const { data, headers } = await visit({ city: "London", unit: "f" });
    expect(data.now.temperature).toEqual(["54", "°F"]);
    expect(data.now.facts[1]).toEqual(["Wind", "12 mph from WSW"]);
    const again = await visit({ city: "London" }, cookieOf(headers.get("Set-Cookie")));
    expect(again.data.now.temperature).toEqual(["54", "°F"]);
    expect((await visit({ city: "London", unit: "kelvin" })).data.unit).toBe("c");
  });
  it("cannot bring markup with it: what the source calls a place or a sky is text", async () => {
    const evil = "<script>alert(1)</script>";
    await upstreamOf(
      says(
        200,
        london(({ weather: [today] }) =>
          Object.assign(today!.hourly[4]!, { weatherDesc: [{ value: evil }] }),
        ),
      ),
    );
    const { days } = (await visit({ city: "London" })).data;
    expect(days).not.toContain("<script");
    expect(days).toContain("&lt;script&gt;alert(1)");
  });
});

describe("the source is asked", () => {
  it("once for two hundred who come at the same time", async () => {
    const { asked } = await upstreamOf();
    const answers = await Promise.all(Array.from({ length: 200 }, () => found("London")));
    expect(new Set(answers)).toEqual(new Set(["reading"]));
    expect(asked).toEqual(["/London?format=j1"]);
  });
  it("once in five minutes for a city, whatever its case and the spaces around it", async () => {
    const { asked } = await upstreamOf();
    for (const city of ["London", "london", "LONDON ", "  London"]) expect(await found(city)).toBe("reading");
    pass(299);
    expect(await found("London")).toBe("reading");
    expect(asked).toHaveLength(1);
    pass(2);
    expect(await found("London")).toBe("reading");
    expect(asked).toHaveLength(2);
  });
  it("anew for another city", async () => {
    const { asked } = await upstreamOf();
    for (const city of ["London", "Paris"]) await found(city);
    expect(asked).toEqual(["/London?format=j1", "/Paris?format=j1"]);
  });
  it("once a minute for a city that it does not know, which is a 404 that says so", async () => {
    const { asked } = await upstreamOf(says(404, "location not found", "text/plain"));
    expect(await visit({ city: "Xyzzy" })).toMatchObject({
      status: 404,
      data: { found: "unknown", city: "Xyzzy" },
    });
    pass(59);
    expect(await found("xyzzy")).toBe("unknown");
    expect(asked).toHaveLength(1);
    pass(2);
    await found("xyzzy");
    expect(asked).toHaveLength(2);
  });
});

describe("an old reading", () => {
  it("is shown while the source takes its time, and the new one once it is there", async () => {
    const upstream = await upstreamOf();
    await found("London");
    pass(301);
    let answer = never;
    upstream.set((request, response) => {
      answer = () =>
        says(
          200,
          london(({ current_condition: [now] }) => Object.assign(now!, { humidity: "50" })),
        )(request, response);
    });
    // The source has not answered when this does.
    const { status, data } = await visit({ city: "London" });
    expect([status, data.state, data.now.facts[2][1]]).toEqual([200, "renewing", "72%"]);
    await expect.poll(() => answer).not.toBe(never);
    answer();
    const shown = async () => {
      const { state, now } = (await visit({ city: "London" })).data;
      return [state, now.facts[2][1]];
    };
    await expect.poll(shown).toEqual(["fresh", "50%"]);
    expect(upstream.asked).toHaveLength(2);
  });
  it("is shown for up to 24 hours while the source is away, with when it is of", async () => {
    const upstream = await upstreamOf();
    await found("London");
    upstream.set(says(503, "no", "text/plain"));
    pass(24 * 3_600 - 1);
    const { status, data } = await visit({ city: "London" });
    expect([status, data.state, data.now.observed]).toEqual([200, "failed", "13:05 local time"]);
    pass(2);
    expect(await visit({ city: "London" })).toMatchObject({ status: 503, data: { found: "unavailable" } });
  });
  it("gives way to a city that is no more known, but to no outage", async () => {
    const upstream = await upstreamOf();
    await found("London");
    pass(301);
    upstream.set(says(200, "Unknown location; please try ~51.5,-0.12"));
    expect(await found("London")).toBe("reading");
    upstream.set(says(404, "location not found", "text/plain"));
    await expect.poll(() => found("London")).toBe("unknown");
  });
});

describe("an outage", () => {
  it("is a 503 that says so, with when to come again, and is kept by nobody", async () => {
    const upstream = await upstreamOf(says(200, "Unknown location; please try ~51.5,-0.12"));
    const { status, data, headers } = await visit({ city: "London" });
    expect([status, data.found, headers.get("Retry-After")]).toEqual([503, "unavailable", "30"]);
    expect(headers.get("Set-Cookie")).toBeNull();
    upstream.set(says(200, london()));
    expect(await found("London")).toBe("reading");
  });
  it("that is silence is waited for once, whatever is asked for; after half a minute one asks again, and then all", async () => {
    const upstream = await upstreamOf((_, response) => void response.destroy());
    const warn = vi.spyOn(log(), "warn");
    for (const city of ["London", "Paris", "Rome"]) expect(await found(city)).toBe("unavailable");
    expect(upstream.asked).toHaveLength(1);
    const told = warn.mock.calls.map(([, words]) => words);
    expect(told.filter((words) => String(words).includes("tried again every 30 s"))).toHaveLength(1);
    upstream.set(says(200, london()));
    pass(31);
    for (const city of ["London", "Paris"]) expect(await found(city)).toBe("reading");
  });
  it("of one city's answer alone does not keep the others from theirs", async () => {
    const { asked } = await upstreamOf((request, response) =>
      says(request.url!.startsWith("/Odd") ? 500 : 200, london())(request, response),
    );
    for (const city of ["Odd", "Odd", "London", "Odd", "Odd", "Odd", "Odd", "Paris"]) await found(city);
    expect(await found("Rome")).toBe("reading");
    for (let n = 0; n < 20; n += 1) await found("Odd");
    // Five wrong answers in a row, and it is left alone.
    expect(asked.filter((path) => path.startsWith("/Odd")).length).toBe(11);
  });
});

describe("what is no name", () => {
  it("is a 422 that keeps what was typed and says what is wrong; the source is asked nothing", async () => {
    const { asked } = await upstreamOf();
    const { status, data } = await visit({ city: "../:help?" });
    expect(status).toBe(422);
    expect(data.problem).toEqual({
      values: { city: "../:help?" },
      errors: [{ name: "city", message: "City must be a name, such as London, without the character /" }],
    });
    expect((await visit({ city: "" })).data.problem.errors[0].message).toBe("Enter a city");
    expect(asked).toEqual([]);
  });
});

describe("what a browser remembers", () => {
  const cities = async (...names: string[]) => {
    let cookie = "";
    for (const city of names)
      cookie = cookieOf((await visit({ city }, cookie)).headers.get("Set-Cookie")) || cookie;
    return { cookie, recent: (await visit({}, cookie)).data.recent };
  };

  it("is nothing before a city was found: no cookie is set", async () => {
    await upstreamOf(says(404, "location not found", "text/plain"));
    for (const query of [{}, { city: "Xyzzy" }, { city: "@" }, { unit: "c" }] as Record<string, string>[])
      expect((await visit(query)).headers.get("Set-Cookie")).toBeNull();
  });
  it("are the last five cities, the last first, each once whatever its case", async () => {
    await upstreamOf();
    const { recent } = await cities("Rome", "Oslo", "London", "Paris", "London", "Tokyo", "paris", "Lima");
    expect(recent).toEqual(["Lima", "paris", "Tokyo", "London", "Oslo"]);
  });
  it("sets no cookie again where nothing is new", async () => {
    await upstreamOf();
    const { cookie } = await cities("London");
    expect((await visit({ city: "London" }, cookie)).headers.get("Set-Cookie")).toBeNull();
  });
  it("fits in a cookie, also of the longest names", async () => {
    await upstreamOf();
    const names = Array.from({ length: 5 }, (_, n) => `${n}${"𠮷".repeat(99)}`);
    const { cookie, recent } = await cities(...names);
    expect(recent).toEqual(names.toReversed());
    expect(cookie.length).toBeLessThan(4_000);
  });
  it("is forgotten when it asks for that, but for the unit", async () => {
    await upstreamOf();
    const { cookie } = await cities("London");
    const gone = await call(action, post("/weather", {}, { Cookie: cookie }));
    expect([gone.status, gone.headers.get("Location")]).toEqual([303, "/weather"]);
    expect(gone.headers.get("Set-Cookie")).toContain("Max-Age=0");
    const inFahrenheit = cookieOf(
      (await visit({ city: "London", unit: "f" }, cookie)).headers.get("Set-Cookie"),
    );
    const left = await call(action, post("/weather", {}, { Cookie: inFahrenheit }));
    expect((await visit({}, cookieOf(left.headers.get("Set-Cookie")))).data).toMatchObject({
      unit: "f",
      recent: [],
    });
  });
  it.each([
    ["no base64", "weather=%%%"],
    ["no JSON", `weather=${Buffer.from("{").toString("base64")}`],
    ["another shape", `weather=${Buffer.from('{"unit":7,"recent":"x"}').toString("base64")}`],
    ["null", `weather=${Buffer.from("null").toString("base64")}`],
    ["a list", `weather=${Buffer.from("[1]").toString("base64")}`],
  ])("that is %s counts as nothing", async (_, cookie) => {
    await upstreamOf();
    expect((await visit({}, cookie)).data).toMatchObject({ unit: "c", recent: [] });
  });
  it("that was made up offers no more than names", async () => {
    await upstreamOf();
    const recent = ["<b>", "../x", "London", ...Array.from({ length: 100 }, () => randomUUID())];
    const cookie = `weather=${Buffer.from(JSON.stringify({ unit: "f", recent })).toString("base64")}`;
    const { data } = await visit({}, cookie);
    expect(data.recent).toEqual(["London", ...recent.slice(3, 7)]);
  });
});
