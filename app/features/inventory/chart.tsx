import type { StockChart } from "./chart.server";

/** Drawn by the server; what it shows is also said. */
export function Chart({ chart }: { chart: StockChart | null }) {
  if (!chart) return null;
  const { line, area, from, text, width, height } = chart;
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={text}>
        <path className="area" d={area} />
        <path className="line" d={line} />
      </svg>
      <figcaption>
        <span>{DAY.format(from)}</span>
        <span>Today</span>
      </figcaption>
    </figure>
  );
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
