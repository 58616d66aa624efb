/** Answers the site as wttr.in does, of any city: how many times it has been asked is what the thermometer shows. */
import { once } from "node:events";
import { createServer } from "node:http";

/** Starts where the site asks. @returns what ends it. */
export async function startSource(url: string): Promise<() => void> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const city = decodeURIComponent(new URL(request.url!, url).pathname.slice(1));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(weatherOf(city, asked)));
  });
  const { hostname, port } = new URL(url);
  server.listen(Number(port), hostname);
  await once(server, "listening");
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

const words = (value: string) => [{ value }];

/** The part of the format `j1` that a reading is made of. */
function weatherOf(city: string, degrees: number) {
  const sky = { weatherCode: "113", weatherDesc: words("Sunny") };
  const noon = { ...sky, time: "1200", tempC: "20", tempF: "68", precipMM: "0.0", chanceofrain: "0" };
  const range = { maxtempC: "20", maxtempF: "68", mintempC: "10", mintempF: "50" };
  const now = {
    ...sky,
    ...{ temp_C: String(degrees), temp_F: "50", FeelsLikeC: String(degrees), FeelsLikeF: "50" },
    ...{ windspeedKmph: "10", windspeedMiles: "6", winddir16Point: "W", humidity: "60" },
    ...{ pressure: "1013", uvIndex: "3", observation_time: "12:00 PM" },
  };
  const date = new Date().toISOString().slice(0, 10);
  return {
    current_condition: [now],
    nearest_area: [{ areaName: words(city) }],
    weather: [{ date, ...range, hourly: [noon] }],
  };
}
