import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { readCity } from "~/features/weather/city.server";
import { Unavailable } from "~/features/weather/source.server";
import { OVER_QUOTA } from "~/features/weather/stub.server";
import { wttr } from "~/features/weather/wttr.server";
import { london, says, startUpstream } from "./upstream";

/** What comes of asking an upstream for a city, in one word or as a reading. */
async function ask(url: string, city = "London", options: { timeout?: number } = {}) {
  try {
    return (await wttr(url, options).find(city)) ?? "unknown";
  } catch (error) {
    expect(error).toBeInstanceOf(Unavailable);
    return (error as Unavailable).isSilent ? "silent" : "unavailable";
  }
}

describe("a reading", () => {
  it("has what the source told, in both systems, in its own words and numbers", async () => {
    const { url, asked } = await startUpstream();
    const reading = await ask(url);
    expect(asked).toEqual(["/London?format=j1"]);
    expect(reading).toMatchObject({
      place: "London, City of London, Greater London, United Kingdom",
      observed: { minute: 13 * 60 + 5, date: "2026-04-03", clock: "local" },
      now: {
        temperature: { metric: 12, imperial: 54 },
        feelsLike: { metric: 11, imperial: 51 },
        wind: { metric: 19, imperial: 12 },
        windFrom: "WSW",
        humidity: 72,
        pressure: 1016,
        words: "Light rain shower",
        sky: "rain",
      },
    });
    const { days } = reading as Exclude<typeof reading, string>;
    expect(days.map(({ date }) => date)).toEqual(["2026-04-03", "2026-04-04", "2026-04-05"]);
    expect(days[0]).toMatchObject({ sunrise: 6 * 60 + 2, sunset: 18 * 60 + 41, hours: { length: 8 } });
    expect(days[0]!.hours[3]).toMatchObject({
      minute: 540,
      words: "Light rain",
      sky: "rain",
      chanceOfRain: 78,
    });
  });
  it("may have numbers for texts, a -0, no local clock, no region, and a sun that does not rise", async () => {
    const odd = london((document) => {
      const [now] = document.current_condition;
      Object.assign(now!, { uvIndex: 5, temp_C: "-0", localObsDateTime: undefined });
      Object.assign(document.nearest_area[0]!, { region: [{ value: "" }], country: undefined });
      Object.assign(document.weather[0]!.astronomy[0]!, { sunrise: "No sunrise", sunset: "No sunset" });
    });
    const upstream = await startUpstream(says(200, odd));
    expect(await ask(upstream.url)).toMatchObject({
      place: "London",
      observed: { minute: 13 * 60 + 5, date: null, clock: "UTC" },
      now: { uvIndex: 5, temperature: { metric: 0 } },
      days: [{ sunrise: null, sunset: null }, {}, {}],
    });
  });
});

describe("an unknown city", () => {
  it.each([
    ["a 404 of the source", 404, "text/plain", "location not found"],
    ["a 404 with a document", 404, "application/json", london()],
    ["the words of its geocoder", 500, "text/plain", "location not found: location not found\n"],
    [
      "other words of its geocoder",
      500,
      "text/plain",
      "location not found: upstream error: Unable to geocode\n",
    ],
  ])("is told by %s", async (_, status, type, body) => {
    const { url } = await startUpstream(says(status, body, type));
    expect(await ask(url)).toBe("unknown");
  });
});

describe("an outage is never taken for an unknown city:", () => {
  it.each([
    ["the quota is used up", 200, "application/json", OVER_QUOTA],
    ["its geocoder is down", 500, "text/plain", 'location not found: Get "http://geo": connection refused\n'],
    ["some proxy's page for what is not there", 404, "text/html; charset=utf-8", "<h1>Not Found</h1>"],
    ["a fault of it", 500, "text/plain", "panic"],
    ["it is overloaded", 503, "text/html", "<h1>Service Unavailable</h1>"],
    ["it asks to slow down", 429, "text/plain", "Too many requests"],
    ["an empty body", 200, "application/json", ""],
    ["a page", 200, "text/html", "<html>London</html>"],
    ["null", 200, "application/json", "null"],
    ["a list", 200, "application/json", "[]"],
    ["a document without weather", 200, "application/json", "{}"],
    ["a document cut in half", 200, "application/json", london().slice(0, 9_000)],
    ["no day", 200, "application/json", london((document) => void document.weather.splice(0))],
    [
      "a day without hours",
      200,
      "application/json",
      london((document) => void document.weather[1]!.hourly.splice(0)),
    ],
    [
      "a temperature in words",
      200,
      "application/json",
      london(({ current_condition: [now] }) => Object.assign(now!, { temp_C: "mild" })),
    ],
    [
      "a temperature of nothing",
      200,
      "application/json",
      london(({ current_condition: [now] }) => Object.assign(now!, { temp_C: "" })),
    ],
    ["NaN", 200, "application/json", london().replace('"temp_C":"12"', '"temp_C":NaN')],
    [
      "a place of 100,000 letters",
      200,
      "application/json",
      london(({ nearest_area: [area] }) =>
        Object.assign(area!, { areaName: [{ value: "x".repeat(100_000) }] }),
      ),
    ],
    ["no content", 204, "application/json", ""],
  ])("%s", async (_, status, type, body) => {
    const { url } = await startUpstream(says(status, body, type));
    expect(await ask(url)).toBe("unavailable");
  });
  it("an answer of more than a megabyte, which is not read to its end", async () => {
    let sent = 0;
    const { url } = await startUpstream((_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const piece = Buffer.alloc(100_000, " ");
      const more = () => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once("drain", more);
        }
      };
      more();
    });
    expect(await ask(url)).toBe("unavailable");
    expect(sent).toBeLessThan(50_000_000);
  });
  it("an answer that is more than a megabyte once it is unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(5_000_000, " "));
    const { url } = await startUpstream(
      (_, response) => void response.writeHead(200, { "Content-Encoding": "gzip" }).end(packed),
    );
    expect(packed.length).toBeLessThan(10_000);
    expect(await ask(url)).toBe("unavailable");
  });
  it("nobody listens", async () => {
    const { url, stop } = await startUpstream();
    stop();
    expect(await ask(url)).toBe("silent");
  });
  it("it takes the question and never answers", async () => {
    const { url, asked } = await startUpstream(() => {});
    expect(await ask(url, "London", { timeout: 200 })).toBe("silent");
    expect(asked).toHaveLength(1);
  });
  it("it begins to answer and never ends", async () => {
    const { url } = await startUpstream(
      (_, response) => void response.writeHead(200).write(london().slice(0, 5_000)),
    );
    expect(await ask(url, "London", { timeout: 200 })).toBe("silent");
  });
  it("it hangs up in the middle", async () => {
    const { url } = await startUpstream((_, response) => {
      response.writeHead(200, { "Content-Length": 40_000 }).write("{");
      setTimeout(() => response.destroy(), 20);
    });
    expect(await ask(url)).toBe("silent");
  });
  it("it speaks no HTTP", async () => {
    const server = createServer((socket) => void socket.end("220 mail.example.com ESMTP\r\n"));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    onTestFinished(() => void server.close());
    expect(await ask(`http://127.0.0.1:${(server.address() as { port: number }).port}`)).toBe("silent");
  });
});

describe("a redirect", () => {
  it("within the source is followed", async () => {
    const { url, asked } = await startUpstream((request, response) => {
      if (request.url === "/elsewhere?format=j1") return says(200, london())(request, response);
      response.writeHead(302, { Location: "/elsewhere?format=j1" }).end();
    });
    expect(await ask(url)).toMatchObject({ now: { humidity: 72 } });
    expect(asked).toEqual(["/London?format=j1", "/elsewhere?format=j1"]);
  });
  it("to another host is refused: that host is asked nothing", async () => {
    const other = await startUpstream();
    const { url } = await startUpstream(
      (_, response) => void response.writeHead(302, { Location: `${other.url}/London` }).end(),
    );
    expect(await ask(url)).toBe("unavailable");
    expect(other.asked).toEqual([]);
  });
  it.each(["//evil.example/x", "file:///etc/passwd", "http://"])("to %s is refused", async (to) => {
    const { url } = await startUpstream(
      (_, response) => void response.writeHead(301, { Location: to }).end(),
    );
    expect(await ask(url)).toBe("unavailable");
  });
  it("in a circle ends", async () => {
    const { url, asked } = await startUpstream(
      (_, response) => void response.writeHead(302, { Location: "/round" }).end(),
    );
    expect(await ask(url)).toBe("unavailable");
    expect(asked).toHaveLength(4);
  });
});

/** What the page does with what was typed: the upstream is asked only where the name is one. */
async function asks(typed: string) {
  const { url, asked } = await startUpstream();
  const read = readCity(typed);
  if (read.error === undefined) await ask(url, read.city);
  return { asked, error: read.error };
}

describe("the city is one segment of the path and nothing else:", () => {
  it.each([
    ["London", "/London?format=j1"],
    ["  new   york\t", "/new%20york?format=j1"],
    ["São Paulo", "/S%C3%A3o%20Paulo?format=j1"],
    // Written with a combining tilde.
    ["Sa\u0303o Paulo", "/S%C3%A3o%20Paulo?format=j1"],
    ["St. John’s", "/St.%20John%E2%80%99s?format=j1"],
    ["St.Gallen", "/St.%20Gallen?format=j1"],
    ["Frankfurt (Oder)", "/Frankfurt%20(Oder)?format=j1"],
    // With a joiner that does not show.
    ["شاه\u200cآباد", "/%D8%B4%D8%A7%D9%87%E2%80%8C%D8%A2%D8%A8%D8%A7%D8%AF?format=j1"],
    ["東京", "/%E6%9D%B1%E4%BA%AC?format=j1"],
    ["-33.87,151.21", "/-33.87%2C151.21?format=j1"],
    ["99501", "/99501?format=j1"],
    // wttr.in takes two bytes for a language, and these words for what it does with a place.
    ["de", "/~de?format=j1"],
    ["Å", "/~%C3%85?format=j1"],
    ["Page", "/~Page?format=j1"],
    ["moon", "/~moon?format=j1"],
    ["v2", "/~v2?format=j1"],
    // No picture, no file.
    ["London.png", "/London.%20png?format=j1"],
    ["favicon.ico", "/favicon.%20ico?format=j1"],
    ["a..b", "/a..%20b?format=j1"],
    ["x".repeat(100), `/${"x".repeat(100)}?format=j1`],
  ])("%j is asked for as %s", async (typed, path) => {
    expect(await asks(typed)).toEqual({ asked: [path], error: undefined });
  });
  it.each([
    ["../", "City must be a name, such as London, without the character /"],
    ["..", "City must begin with a letter or a number"],
    [".", "City must begin with a letter or a number"],
    ["a/../b?x=1#y", "City must be a name, such as London, without the character /"],
    ["..\\files", "City must be a name, such as London, without the character \\"],
    ["@host", "City must be a name, such as London, without the character @"],
    ["London@evil.example", "City must be a name, such as London, without the character @"],
    [":help", "City must be a name, such as London, without the character :"],
    ["~", "City must be a name, such as London, without the character ~"],
    ["~Eiffel Tower", "City must be a name, such as London, without the character ~"],
    ["?", "City must be a name, such as London, without the character ?"],
    ["London?format=v2", "City must be a name, such as London, without the character ?"],
    ["#", "City must be a name, such as London, without the character #"],
    ["%2f", "City must be a name, such as London, without the character %"],
    ["%2e%2e%2f", "City must be a name, such as London, without the character %"],
    ["London&format=v2", "City must be a name, such as London, without the character &"],
    ["a+b", "City must be a name, such as London, without the character +"],
    ["Lon\u0000don", "City must be a name, such as London, without control characters"],
    ["Lon\u001bdon", "City must be a name, such as London, without control characters"],
    ["Lon\u202edon", "City must be a name, such as London, without control characters"],
    ["\ud800", "City must be a name, such as London, without control characters"],
    ["x".repeat(500), "City must be 100 characters or fewer; it has 500"],
    ["東".repeat(101), "City must be 100 characters or fewer; it has 101"],
    ["", "Enter a city"],
    [" \t\r\n", "Enter a city"],
    ["()", "City must begin with a letter or a number"],
  ])("%j asks the source nothing, and says why", async (typed, error) => {
    expect(await asks(typed)).toEqual({ asked: [], error });
  });
  it.each([
    ["..", "/~..?format=j1"],
    ["../files", "/..%2Ffiles?format=j1"],
    ["a/../b?x=1#y", "/a%2F..%2Fb%3Fx%3D1%23y?format=j1"],
    ["//evil.example", "/%2F%2Fevil.example?format=j1"],
    ["%2e%2e%2f", "/%252e%252e%252f?format=j1"],
  ])("also where %j gets past the check, it is asked for as %s", async (city, path) => {
    const { url, asked } = await startUpstream();
    await ask(url, city);
    expect(asked).toEqual([path]);
  });
  it("also under a base with a path of its own", async () => {
    const { url, asked } = await startUpstream();
    await ask(`${url}/weather/api`, "São Paulo");
    expect(asked).toEqual(["/weather/api/S%C3%A3o%20Paulo?format=j1"]);
  });
});
