/** A reading in one unit, in the words and numbers of the page, with its charts drawn. */
import type { Unit } from "./memory.server";
import type { Day, Hour, Measure, Reading } from "./source.server";

/** Pixels of a day's chart; the days stand side by side in one drawing, and each chart shows its part of it. */
export const WIDTH = 320;
export const HEIGHT = 156;
/** Where bars stand. */
export const FLOOR = 132;
/** Where the curve is at its highest and its lowest, and how tall a bar may be. */
const TOP = 34;
const BOTTOM = 98;
const TALLEST = 52;
/** What fills the height of a bar at the least: a drizzle is to look like one. */
const MUCH_RAIN = { c: 3, f: 0.12 };
const DAY = 24 * 60;

const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });
const dayOfMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const signed = (value: number) => String(Math.round(value)).replace("-", "−");

type Numbers = ReturnType<typeof numbersIn>;

function numbersIn(unit: Unit) {
  const of = ({ metric, imperial }: Measure) => (unit === "c" ? metric : imperial);
  const [degree, speed, depth, digits] =
    unit === "c" ? (["°C", "km/h", "mm", 1] as const) : (["°F", "mph", "in", 2] as const);
  return {
    of,
    muchRain: MUCH_RAIN[unit],
    short: (measure: Measure) => `${signed(of(measure))}°`,
    temperature: (measure: Measure) => `${signed(of(measure))} ${degree}`,
    wind: (measure: Measure) => `${signed(of(measure))} ${speed}`,
    rain: (amount: number) => `${Number(amount.toFixed(digits))} ${depth}`,
  };
}

export type View = ReturnType<typeof viewOf>;

/** What the page shows of a reading. */
export function viewOf({ place, observed, now, days }: Reading, unit: Unit) {
  const numbers = numbersIn(unit);
  const today = days.find(({ date }) => date === observed.date) ?? days[0]!;
  return {
    place,
    observed: `${clock(observed.minute)} ${observed.clock === "UTC" ? "UTC" : "local time"}`,
    sky: now.sky,
    words: now.words,
    sun: sunAt(today, observed),
    temperature: numbers.temperature(now.temperature).split(" ") as [number: string, unit: string],
    facts: [
      ["Feels like", numbers.temperature(now.feelsLike)],
      ["Wind", [numbers.wind(now.wind), now.windFrom && `from ${now.windFrom}`].filter(Boolean).join(" ")],
      ["Humidity", `${now.humidity}%`],
      ["Pressure", `${now.pressure} hPa`],
      ["UV index", String(now.uvIndex)],
    ] as [name: string, value: string][],
    days: days.map((day) => dayView(day, observed, numbers)),
    chart: draw(days, numbers),
  };
}

/** How far the sun is on its way from rise to set, from 0 to 1, or by night the moon on its own. */
function sunAt({ sunrise, sunset }: Day, { minute, clock }: Reading["observed"]) {
  if (clock === "UTC") return { isUp: true, way: 0.5 };
  const [rise, set] = sunrise === null || sunset === null ? [DAY / 4, (DAY * 3) / 4] : [sunrise, sunset];
  const isUp = minute >= rise && minute < set;
  const way = isUp ? (minute - rise) / (set - rise) : ((minute - set + DAY) % DAY) / (DAY - set + rise);
  return { isUp, way: Math.round(way * 1_000) / 1_000 };
}

function dayView(day: Day, { date, minute }: Reading["observed"], numbers: Numbers) {
  const { hours } = day;
  const at = new Date(day.date);
  const amounts = hours.map(({ rain }) => numbers.of(rain));
  const total = numbers.rain(amounts.reduce((sum, amount) => sum + amount, 0));
  const warmest = hours.reduce((best, hour) =>
    numbers.of(hour.temperature) > numbers.of(best.temperature) ? hour : best,
  );
  const wettest = hours[amounts.indexOf(Math.max(...amounts))]!;
  const dry = Number.parseFloat(total) === 0;
  const noon = hours.reduce((best, hour) =>
    Math.abs(hour.minute - DAY / 2) < Math.abs(best.minute - DAY / 2) ? hour : best,
  );
  const range = `${numbers.temperature(day.low)} to ${numbers.temperature(day.high)}`;
  return {
    date: day.date,
    name: day.date === date ? "Today" : weekday.format(at),
    dayOfMonth: dayOfMonth.format(at),
    sky: noon.sky,
    words: noon.words,
    high: numbers.short(day.high),
    low: numbers.short(day.low),
    rain: dry ? "Dry" : total,
    sun:
      day.sunrise === null || day.sunset === null
        ? null
        : { rise: clock(day.sunrise), set: clock(day.sunset) },
    now: day.date === date ? xOf(minute) : null,
    summary: `Temperature ${range}, warmest at ${clock(warmest.minute)}. ${
      dry ? "No rain." : `Rain ${total}, most of it from ${clock(wettest.minute)}.`
    }`,
    hours: hours.map((hour) => ({
      time: clock(hour.minute),
      words: hour.words,
      temperature: numbers.temperature(hour.temperature),
      rain: numbers.rain(numbers.of(hour.rain)),
      chance: `${hour.chanceOfRain}%`,
    })),
  };
}

const xOf = (minute: number) => Math.round((minute / DAY) * WIDTH);

type Point = [x: number, y: number];

/** Curve, the area under it and bars, as paths of all days side by side, and what to write at the curve of each. */
function draw(days: Day[], numbers: Numbers) {
  const temperatures = days.flatMap(({ hours }) => hours.map(({ temperature }) => numbers.of(temperature)));
  const [lowest, highest] = [Math.min(...temperatures), Math.max(...temperatures)];
  const yOf = ({ temperature }: Hour) =>
    TOP + ((highest - numbers.of(temperature)) / Math.max(1, highest - lowest)) * (BOTTOM - TOP);
  const points = days.flatMap(({ hours }, n) =>
    hours.map((hour): Point => [n * WIDTH + xOf(hour.minute), yOf(hour)]),
  );
  const end = days.length * WIDTH;
  const line: Point[] = [[0, points[0]![1]], ...points, [end, points.at(-1)![1]]];
  const curve = smooth(line);
  return {
    curve,
    area: `${curve}V${FLOOR}H0Z`,
    bars: days.flatMap((day, n) => barsOf(day, n, days, numbers)).join(""),
    labels: days.map(({ hours }) =>
      hours
        .filter(({ minute }) => minute > 0 && minute % (DAY / 4) === 0)
        .map((hour) => ({
          x: xOf(hour.minute),
          y: Math.round(yOf(hour)) - 10,
          text: numbers.short(hour.temperature),
          time: clock(hour.minute),
        })),
    ),
  };
}

/** A bar for each hour with rain, as high as the most of all days allows. */
function barsOf({ hours }: Day, n: number, days: Day[], { of, muchRain }: Numbers) {
  const most = Math.max(muchRain, ...days.flatMap((day) => day.hours.map(({ rain }) => of(rain))));
  return hours
    .map((hour, index) => {
      const height = Math.round((of(hour.rain) / most) * TALLEST);
      const from = n * WIDTH + xOf(hour.minute) + 3;
      const to = n * WIDTH + xOf(hours[index + 1]?.minute ?? DAY) - 3;
      return height > 0 ? `M${from} ${FLOOR}v${-height}h${to - from}v${height}Z` : "";
    })
    .filter(Boolean);
}

/** A curve through points: Catmull-Rom, written as Bézier curves. */
function smooth(points: Point[]): string {
  const fine = (value: number) => String(Math.round(value * 10) / 10);
  const at = (index: number) => points[Math.min(Math.max(index, 0), points.length - 1)]!;
  const parts = points.slice(1).map((to, index) => {
    const [[x0, y0], [x1, y1], [x3, y3]] = [at(index - 1), at(index), at(index + 2)];
    const [x2, y2] = to;
    const bends = [x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2];
    return `C${bends.map(fine).join(" ")}`;
  });
  return `M${points[0]!.map(fine).join(" ")}${parts.join("")}`;
}
