import { Link } from "@remix-run/react";
import type { Unit } from "./memory.server";
import { SkyScene } from "./sky";
import type { View } from "./view.server";

interface NowProps {
  city: string;
  unit: Unit;
  view: Omit<View, "days" | "chart">;
  state: "fresh" | "renewing" | "failed";
}

/** The weather as it is, under a sky that looks like it. */
export function Now({ city, unit, view, state }: NowProps) {
  return (
    <section className="card now" aria-labelledby="now">
      <div className={`heaven ${view.sky}${view.sun.isUp ? "" : " night"}`}>
        <div className="words">
          <h2 id="now">{city}</h2>
          <p className="degrees">
            {view.temperature[0]} <small>{view.temperature[1]}</small>
          </p>
          <p className="sky-words">{view.words}</p>
        </div>
        <SkyScene sky={view.sky} sun={view.sun} />
        <Units city={city} unit={unit} />
      </div>
      {state !== "fresh" && (
        <p className="old" role="status">
          {state === "failed"
            ? `As of ${view.observed}, source unavailable.`
            : `As of ${view.observed}. The source takes its time; a newer reading is on its way.`}
        </p>
      )}
      <dl className="facts">
        {view.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="place">
        Measured at {view.observed} in {view.place}
      </p>
    </section>
  );
}

const UNITS: [Unit, string, string][] = [
  ["c", "°C", "Celsius"],
  ["f", "°F", "Fahrenheit"],
];

/** Which unit is a part of the URL; the browser remembers the last one. */
function Units({ city, unit }: { city: string; unit: Unit }) {
  return (
    <nav className="units" aria-label="Unit">
      {UNITS.map(([name, sign, words]) => (
        <Link
          key={name}
          to={`?${new URLSearchParams({ city, unit: name })}`}
          aria-label={`${sign} ${words}`}
          aria-current={name === unit ? "true" : undefined}
          preventScrollReset
        >
          {sign}
        </Link>
      ))}
    </nav>
  );
}
