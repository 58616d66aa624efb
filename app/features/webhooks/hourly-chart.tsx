import { Link } from "@remix-run/react";
import { counted } from "~/components/counted";
import { queryWith } from "./view";

interface Bar {
  at: Date;
  accepted: number;
  refused: number;
}

const HEIGHT = 56;
const STEP = 12;
const WIDTH = 9;
const HOUR = 60 * 60 * 1000;

/** Hours that one link leads to the events of: one by itself would be too narrow to be hit (WCAG 2.2, 2.5.8). */
const LINKED = 2;

/** How many came in each of the last hours, accepted and refused; two hours lead to their events. */
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
        {bars.map((bar, index) =>
          index % LINKED === 0 ? (
            <li key={bar.at.toISOString()}>
              <Hours bars={bars.slice(index, index + LINKED)} query={query} isNamed={index % 6 === 0} />
            </li>
          ) : null,
        )}
      </ol>
    </figure>
  );
}

/** Some hours of the chart: a link where something came. */
function Hours({ bars, query, isNamed }: { bars: Bar[]; query: URLSearchParams; isNamed: boolean }) {
  const minute = (time: Date) => time.toISOString().slice(0, 16);
  const sum = (of: "accepted" | "refused") => bars.reduce((total, bar) => total + bar[of], 0);
  const [from, to] = [minute(bars[0]!.at), minute(new Date(bars.at(-1)!.at.getTime() + HOUR))];
  const shown = isNamed ? from.slice(11) : "";
  if (sum("accepted") + sum("refused") === 0) return <span>{shown}</span>;
  const said = `${from.slice(11)} to ${to.slice(11)} UTC: ${counted(sum("accepted"), "event")} accepted, ${sum("refused").toLocaleString("en")} refused`;
  return (
    <Link
      to={`/webhooks${queryWith(query, { from, to, after: null, before: null })}`}
      aria-label={said}
      title={said}
    >
      {shown}
    </Link>
  );
}
