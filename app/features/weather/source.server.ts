/** What every source of weather gives. One that is added is a module like wttr.server.ts, and a line in forecast.server.ts. */

/** A quantity in both systems, each as the source rounds it: °C and °F, km/h and mph, mm and inches. */
export interface Measure {
  metric: number;
  imperial: number;
}

/** What the sky looks like: what is drawn. */
export type Sky = "clear" | "partly" | "cloudy" | "fog" | "rain" | "snow" | "thunder";

interface Conditions {
  temperature: Measure;
  sky: Sky;
  /** The sky in the source's words. */
  words: string;
}

export interface Hour extends Conditions {
  /** Minutes since midnight at the place. */
  minute: number;
  /** What falls until the next one. */
  rain: Measure;
  /** Per cent. */
  chanceOfRain: number;
}

export interface Day {
  /** `2026-04-03` at the place. */
  date: string;
  high: Measure;
  low: Measure;
  /** Minutes since midnight at the place; null where the sun does not rise or set. */
  sunrise: number | null;
  sunset: number | null;
  hours: Hour[];
}

interface Now extends Conditions {
  feelsLike: Measure;
  wind: Measure;
  /** Where the wind comes from, such as `SW`. */
  windFrom: string;
  /** Per cent. */
  humidity: number;
  /** Hectopascals. */
  pressure: number;
  uvIndex: number;
}

/** A reading of the weather: what JSON can hold. */
export interface Reading {
  /** The place that was measured, as the source names it. */
  place: string;
  /** When it was measured: minutes since midnight, at the place or in UTC; its date where that is told. */
  observed: { minute: number; date: string | null; clock: "local" | "UTC" };
  now: Now;
  /** At least one, each with at least one hour. */
  days: Day[];
}

export interface Source {
  /** The host that is asked. */
  host: string;
  /** @returns null where the source knows no such city. @throws Unavailable when it does not tell. */
  find(city: string): Promise<Reading | null>;
}

/** The source did not tell what it knows: an outage, never an unknown city. */
export class Unavailable extends Error {
  constructor(
    message: string,
    /** It did not answer at all, or not in time: who asks next would wait as long. */
    readonly isSilent = false,
  ) {
    super(message);
  }
}
