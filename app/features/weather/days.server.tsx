/** The next days as HTML: drawn once a reading, and nothing that the browser's JavaScript would have to know. */
import { renderToStaticMarkup } from "react-dom/server";
import { SkyIcon } from "./sky";
import { FLOOR, HEIGHT, type View, WIDTH } from "./view.server";

export const drawDays = (view: View): string => renderToStaticMarkup(<Days view={view} />);

/** Hour by hour: the curve goes on from each day to the next. */
function Days({ view: { days, chart } }: { view: View }) {
  return (
    <>
      {days.map((day, n) => (
        <article key={day.date} className="card day" aria-labelledby={`d${n}`}>
          <header>
            <SkyIcon sky={day.sky} />
            <h2 id={`d${n}`}>
              {day.name} <small>{day.dayOfMonth}</small>
            </h2>
            <p className="range">
              <b>{day.high}</b> {day.low}
            </p>
          </header>
          <p className="gist">
            {day.words} · {day.rain}
          </p>
          <svg
            className="chart"
            viewBox={`${n * WIDTH} 0 ${WIDTH} ${HEIGHT}`}
            role="img"
            aria-label={day.summary}
          >
            {n === 0 && (
              <defs>
                <path id="rain" d={chart.bars} />
                <path id="warmth" d={chart.area} />
                <path id="curve" d={chart.curve} />
              </defs>
            )}
            <path className="floor" d={`M${n * WIDTH} ${FLOOR}h${WIDTH}`} />
            {day.now !== null && <path className="time" d={`M${n * WIDTH + day.now} 8V${FLOOR}`} />}
            <use className="warmth" href="#warmth" />
            <use className="rain" href="#rain" />
            <use className="curve" href="#curve" />
            {chart.labels[n]?.map(({ x, y, text, time }) => (
              <text key={x} x={n * WIDTH + x} y={y}>
                {text}
                <tspan x={n * WIDTH + x} y={HEIGHT - 8}>
                  {time}
                </tspan>
              </text>
            ))}
          </svg>
          <footer>
            {day.sun ? `Sun ${day.sun.rise} to ${day.sun.set}` : "The sun neither rises nor sets"}
            <Hours day={day} />
          </footer>
        </article>
      ))}
    </>
  );
}

/** The same as a table, for those who cannot see the chart or want the numbers. */
function Hours({ day }: { day: View["days"][number] }) {
  return (
    <details>
      <summary>
        Table<span className="visually-hidden"> of {day.name}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Sky</th>
            <th scope="col">Temp.</th>
            <th scope="col">Rain</th>
          </tr>
        </thead>
        <tbody>
          {day.hours.map(({ time, words, temperature, rain, chance }) => (
            <tr key={time}>
              <th scope="row">{time}</th>
              <td>{words}</td>
              <td>{temperature}</td>
              <td>{`${rain}, ${chance}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
