/** Weather from wttr.in: its format `j1`, which is that of World Weather Online. */
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { log } from "~/services/log.server";
import { type Reading, type Sky, type Source, Unavailable } from "./source.server";

/** Milliseconds until the answer has to be here, all of it. */
const TIMEOUT = 5_000;
/** Bytes of an answer. One has about 40,000. */
const LIMIT = 1_000_000;
const REDIRECTS = 3;

/**
 * Names that wttr.in would take for a language, a view or a page of its own: two bytes are a language. With `~` in front
 * they are names to search for.
 */
const isReserved = (city: string) =>
  Buffer.byteLength(city) <= 2 || /^(files|page|line|v\d\w?|[pj]\d|subprocess|moon)$/i.test(city);

/** The source at `base`, which is wttr.in or a server like it. */
export function wttr(base: string, { timeout = TIMEOUT } = {}): Source {
  async function find(city: string) {
    const { status, type, body } = await load(urlOf(base, city), AbortSignal.timeout(timeout));
    if (isUnknown(status, type, body)) return null;
    if (status !== 200) throw new Unavailable(`it answered ${status}`);
    return reading(body);
  }
  return {
    host: new URL(base).host,
    find: (city) =>
      find(city).catch((error: unknown) => {
        const known = error instanceof Unavailable ? error : new Unavailable(`it failed: ${error}`);
        log().warn({ err: known }, "weather: no reading");
        throw known;
      }),
  };
}

/** The city is one segment of the path, whatever is in it: `..` is reserved, and no other name means something there. */
const urlOf = (base: string, city: string) =>
  new URL(`${base}/${encodeURIComponent(isReserved(city) ? `~${city}` : city)}?format=j1`);

/** What the server answers, redirects within it followed. @throws Unavailable where that is not what was asked for. */
async function load(url: URL, signal: AbortSignal, redirects = REDIRECTS) {
  try {
    const headers = { Accept: "application/json", "Accept-Language": "en", "User-Agent": "Tenfold" };
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const { status } = response;
    const to = response.headers.get("Location");
    if (status >= 300 && status < 400 && to) {
      await response.body?.cancel();
      const next = URL.canParse(to, url) ? new URL(to, url) : null;
      const isSame =
        next?.host === url.host && (next.protocol === url.protocol || next.protocol === "https:");
      if (!isSame || redirects === 0) throw new Unavailable("it redirected elsewhere");
      return load(next, signal, redirects - 1);
    }
    return { status, type: response.headers.get("Content-Type") ?? "", body: await textOf(response) };
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const { name, cause } = error as Error;
    const reason = name === "TimeoutError" ? "in time" : ((cause as Error | undefined)?.message ?? name);
    throw new Unavailable(`it did not answer: ${reason}`, true);
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body as ReadableStream<Uint8Array> | null) ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > LIMIT) throw new Unavailable(`it answered with more than ${LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * Whether the answer says that there is no such place: a 404, but not the page of some proxy; or what wttr.in has said
 * since 2026, a 500 with the words of its geocoder. Other words of that are an outage. So is the 200 that it answers
 * over its quota, "Unknown location; please try ~" (chubin/wttr.in#890), which is no JSON.
 */
const isUnknown = (status: number, type: string, body: string) =>
  (status === 404 && !type.startsWith("text/html")) ||
  (status === 500 &&
    /^location not found: (location not found|(upstream error: )?unable to geocode)\s*$/i.test(body));

function reading(body: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Unavailable(`it answered no JSON: ${JSON.stringify(body.slice(0, 60))}`);
  }
  const result = document.safeParse(json);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
  throw new Unavailable(`it answered in another form: ${path.join(".")}: ${message}`);
}

/** Numbers come as text, now and then as numbers, and `-0` is one of them. */
const number = z
  .union([z.number(), z.string().regex(/^\s*-?\d{1,6}(\.\d{1,6})?\s*$/)])
  .transform((value) => Number(value) + 0)
  .pipe(z.number().min(-100_000).max(100_000));

/** Words come as `[{ "value": "Overcast " }]`. */
const words = z
  .array(z.object({ value: z.string().max(200) }))
  .min(1)
  .transform(([first]) => first!.value.trim());

/** `08:37 PM` as minutes since midnight. */
const clock = z
  .string()
  .regex(/^(0?[1-9]|1[0-2]):[0-5]\d [AP]M$/)
  .transform((text) => {
    const [hour, minute] = text.split(/[: ]/).map(Number) as [number, number];
    return (hour % 12) * 60 + minute + (text.endsWith("PM") ? 720 : 0);
  });

/** `No sunrise` near the poles. */
const sun = z.union([clock, z.string().transform(() => null)]);

const date = z.iso.date();

const measure = (metric: number, imperial: number) => ({ metric, imperial });

const hour = z
  .object({
    time: number.pipe(z.number().int().min(0).max(2_359)),
    tempC: number,
    tempF: number,
    precipMM: number,
    precipInches: number.optional(),
    chanceofrain: number,
    chanceofsnow: number.default(0),
    weatherCode: number,
    weatherDesc: words,
  })
  .transform((hour) => ({
    // `1530` is half past three.
    minute: Math.floor(hour.time / 100) * 60 + (hour.time % 100),
    temperature: measure(hour.tempC, hour.tempF),
    rain: measure(hour.precipMM, hour.precipInches ?? hour.precipMM / 25.4),
    chanceOfRain: Math.max(hour.chanceofrain, hour.chanceofsnow),
    sky: skyOf(hour.weatherCode),
    words: hour.weatherDesc,
  }));

const day = z
  .object({
    date,
    maxtempC: number,
    maxtempF: number,
    mintempC: number,
    mintempF: number,
    astronomy: z.array(z.object({ sunrise: sun, sunset: sun })).default([]),
    hourly: z.array(hour).min(1).max(48),
  })
  .transform((day) => ({
    date: day.date,
    high: measure(day.maxtempC, day.maxtempF),
    low: measure(day.mintempC, day.mintempF),
    sunrise: day.astronomy[0]?.sunrise ?? null,
    sunset: day.astronomy[0]?.sunset ?? null,
    hours: day.hourly,
  }));

const current = z.object({
  temp_C: number,
  temp_F: number,
  FeelsLikeC: number,
  FeelsLikeF: number,
  windspeedKmph: number,
  windspeedMiles: number,
  winddir16Point: z.string().max(3),
  humidity: number,
  pressure: number,
  uvIndex: number,
  weatherCode: number,
  weatherDesc: words,
  localObsDateTime: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d /)
    .optional(),
  observation_time: clock,
});

const area = z.object({ areaName: words, region: words.optional(), country: words.optional() });

const document = z
  .object({
    current_condition: z.array(current).min(1),
    nearest_area: z.array(area).min(1),
    weather: z.array(day).min(1).max(14),
  })
  .transform(({ current_condition: [now], nearest_area: [near], weather }): Reading => {
    const names = [near!.areaName, near!.region, near!.country].filter((name) => name);
    return {
      place: [...new Set(names)].join(", "),
      observed: observedAt(now!),
      now: nowOf(now!),
      days: weather,
    };
  });

const nowOf = (now: z.output<typeof current>): Reading["now"] => ({
  temperature: measure(now.temp_C, now.temp_F),
  feelsLike: measure(now.FeelsLikeC, now.FeelsLikeF),
  wind: measure(now.windspeedKmph, now.windspeedMiles),
  windFrom: now.winddir16Point,
  humidity: now.humidity,
  pressure: now.pressure,
  uvIndex: now.uvIndex,
  sky: skyOf(now.weatherCode),
  words: now.weatherDesc,
});

/** By the clock of the place where that is told; else in UTC, without a date. */
function observedAt({ localObsDateTime, observation_time }: z.output<typeof current>): Reading["observed"] {
  const local = clock.safeParse(localObsDateTime?.slice(11));
  if (!local.success) return { minute: observation_time, date: null, clock: "UTC" };
  return { minute: local.data, date: localObsDateTime!.slice(0, 10), clock: "local" };
}

/** The codes of World Weather Online. What it may add is a cloudy sky until it is added here. */
const CODES: [Sky, number[]][] = [
  ["clear", [113]],
  ["partly", [116]],
  ["fog", [143, 248, 260]],
  ["thunder", [200, 386, 389, 392, 395]],
  ["rain", [176, 263, 266, 293, 296, 299, 302, 305, 308, 353, 356, 359]],
  // Sleet, ice and freezing rain as well.
  ["snow", [179, 182, 185, 227, 230, 281, 284, 311, 314, 317, 320, 323, 326, 329, 332, 335, 338, 350]],
  ["snow", [362, 365, 368, 371, 374, 377]],
];

function skyOf(code: number): Sky {
  return CODES.find(([, codes]) => codes.includes(code))?.[0] ?? "cloudy";
}
