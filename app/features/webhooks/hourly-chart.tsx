import { Link } from "@remix-run/react";
import { events, queryWith } from "./view";

interface Bar {
  at: Date;
  accepted: number;
  refused: number;
}

const HEIGHT = 56;
const STEP = 12;
const WIDTH = 9;
const HOUR = 60 * 60 * 1000;

/** How many came in each of the last hours, accepted and refused; an hour leads to its events. */
export function HourlyChart({ bars, query }: { bars: Bar[]; query: URLSearchParams }) {
  const sum = (of: "accepted" | "refused") => bars.reduce((total, bar) => total + bar[of], 0);
  const most = Math.max(1, ...bars.map(({ accepted, refused }) => accepted + refused));
  // What there is shows, however little it is.
  const height = (count: number) => (count === 0 ? 0 : Math.max(2, Math.round((count / most) * HEIGHT)));
  return (
    <figure className="hourly">
      <figcaption>
        Last 24 hours: <b>{sum("accepted").toLocaleString("en")} accepted</b>,{" "}
        <b>{sum("refused").toLocaleString("en")} refused</b>
      </figcaption>
      <svg viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ at, accepted, refused }, index) => {
          const [good, bad] = [height(accepted), height(refused)];
          return (
            <g key={at.toISOString()}>
              <rect className="ground" x={index * STEP} y={HEIGHT - 1} width={WIDTH} height={1} />
              <rect className="accepted" x={index * STEP} y={HEIGHT - good} width={WIDTH} height={good} />
              <rect
                className="refused"
                x={index * STEP}
                y={Math.max(0, HEIGHT - good - bad)}
                width={WIDTH}
                height={bad}
              />
            </g>
          );
        })}
      </svg>
      <ol>
        {bars.map((bar, index) => (
          <li key={bar.at.toISOString()}>
            <Hour bar={bar} query={query} isNamed={index % 6 === 0} />
          </li>
        ))}
      </ol>
    </figure>
  );
}

/** An hour of the chart: a link where something came. */
function Hour({
  bar: { at, accepted, refused },
  query,
  isNamed,
}: {
  bar: Bar;
  query: URLSearchParams;
  isNamed: boolean;
}) {
  const minute = (time: Date) => time.toISOString().slice(0, 16);
  const name = minute(at).slice(11);
  const shown = isNamed ? name : "";
  if (accepted + refused === 0) return <span>{shown}</span>;
  const span = { from: minute(at), to: minute(new Date(at.getTime() + HOUR)), after: null, before: null };
  const said = `${name} UTC: ${events(accepted)} accepted, ${refused.toLocaleString("en")} refused`;
  return (
    <Link to={`/webhooks${queryWith(query, span)}`} aria-label={said} title={said}>
      {shown}
    </Link>
  );
}
