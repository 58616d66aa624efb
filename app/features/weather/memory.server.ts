/** What a browser remembers of the weather: the unit, and the cities that it has seen. In a cookie of its own. */
import { createCookie } from "@remix-run/node";
import { z } from "zod";
import { isSecure } from "~/services/http.server";
import { cityKey, readCity } from "./city.server";

/** °C, km/h and mm, or °F, mph and inches. */
export type Unit = "c" | "f";

export interface Memory {
  unit: Unit;
  /** The last first. */
  recent: string[];
}

/** Of the longest names as many as fit in a cookie. */
const MOST = 5;
/** Seconds: the longest that browsers keep one. */
const MAX_AGE = 400 * 24 * 60 * 60;

const NOTHING: Memory = { unit: "c", recent: [] };

const schema = z.object({ unit: z.enum(["c", "f"]), recent: z.array(z.string()) }).catch(NOTHING);

const cookieOf = (request: Request) =>
  createCookie("weather", {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure(request),
    maxAge: MAX_AGE,
  });

/** What the browser has sent, as far as it could be from here: nobody signs it. */
export async function memoryOf(request: Request): Promise<Memory> {
  const kept: unknown = await cookieOf(request)
    .parse(request.headers.get("Cookie"))
    .catch(() => null);
  const { unit, recent } = schema.parse(kept);
  return { unit, recent: recent.filter((city) => readCity(city).error === undefined).slice(0, MOST) };
}

/** The headers that make the browser remember; none where it does already. To remember nothing needs no cookie. */
export async function remembering(request: Request, before: Memory, after: Memory): Promise<Headers> {
  const headers = new Headers();
  if (JSON.stringify(before) === JSON.stringify(after)) return headers;
  const isNothing = JSON.stringify(after) === JSON.stringify(NOTHING);
  headers.set("Set-Cookie", await cookieOf(request).serialize(after, isNothing ? { maxAge: 0 } : {}));
  return headers;
}

/** The cities with one in front, which is in them once. */
export const withCity = (recent: string[], city: string) =>
  [city, ...recent.filter((other) => cityKey(other) !== cityKey(city))].slice(0, MOST);
