/** The weather of a city: from the cache, from the source, or from when the source was last there. */
import { singleton } from "#models/singleton.server";
import { breaker } from "~/services/breaker.server";
import { cache, type Remembered } from "~/services/cache.server";
import { config } from "~/services/config.server";
import { cityKey } from "./city.server";
import { type Reading, Unavailable } from "./source.server";
import { wttr } from "./wttr.server";

const TTL = 300;
const TTL_OF_UNKNOWN = 60;
/** Seconds for which the last good reading is shown while there is no newer one. */
const LAST_GOOD = 24 * 60 * 60;

/** The source, and what guards people from waiting for it: five seconds once, not one after the other. */
function source() {
  const { WEATHER_BASE_URL } = config();
  return singleton(`weather from ${WEATHER_BASE_URL}`, () => {
    const { host, find } = wttr(WEATHER_BASE_URL);
    const isGrave = (error: unknown) => error instanceof Unavailable && error.isSilent;
    const guard = breaker({ name: "the weather's source", rest: 30_000, patience: 1_000, limit: 5, isGrave });
    return { host, find: (city: string) => guard.call(() => find(city)) };
  });
}

/** The host that the weather comes from. */
export const sourceHost = () => source().host;

export type Forecast =
  | { found: "reading"; reading: Reading; state: Remembered<Reading>["state"] }
  | { found: "unknown" | "unavailable" };

/** The weather of a city that `readCity` has passed. The source is asked once a city and TTL, however many ask here. */
export async function forecastFor(city: string): Promise<Forecast> {
  const lifetime = (reading: Reading | null) =>
    reading ? { ttl: TTL, stale: LAST_GOOD - TTL } : { ttl: TTL_OF_UNKNOWN };
  try {
    // The number goes up with each change to what a reading is made of.
    const key = `weather:1:${sourceHost()}:${cityKey(city)}`;
    const { value, state } = await cache.remember(key, () => source().find(city), lifetime);
    return value ? { found: "reading", reading: value, state } : { found: "unknown" };
  } catch {
    // Whatever it was, the source has not told; it is in the log.
    return { found: "unavailable" };
  }
}
