/**
 * Weather for the stub: made by hand after the documented format of wttr.in, `j1`, with its oddities.
 * Over 300 lines: it is data.
 */

interface Climate {
  area: string;
  region: string;
  country: string;
  latitude: number;
  longitude: number;
  /** Hours from UTC. */
  zone: number;
  /** °C at dawn and in the afternoon. */
  from: number;
  to: number;
  /** What the sky does from now on, in steps of six hours. */
  skies: (keyof typeof SKIES)[];
  /** km/h. */
  wind: number;
  sunrise: string;
  sunset: string;
}

/** Code and words of World Weather Online, millimetres in three hours, chance of rain. Words end in a space at times. */
const SKIES = {
  clear: [113, "Clear ", 0, 0],
  sunny: [113, "Sunny", 0, 0],
  partly: [116, "Partly Cloudy ", 0, 5],
  cloudy: [119, "Cloudy ", 0, 10],
  overcast: [122, "Overcast ", 0, 15],
  mist: [143, "Mist", 0, 10],
  fog: [248, "Fog", 0, 10],
  drizzle: [266, "Light drizzle", 0.4, 60],
  rain: [296, "Light rain", 1.2, 78],
  heavy: [308, "Heavy rain", 6.4, 96],
  shower: [353, "Light rain shower", 0.9, 70],
  thunder: [389, "Moderate or heavy rain with thunder", 8.1, 92],
  snow: [332, "Moderate snow", 1.6, 85],
  lightSnow: [326, "Light snow", 0.6, 70],
} as const satisfies Record<string, [number, string, number, number]>;

const CLIMATES: Record<string, Climate> = {
  london: {
    ...{ area: "London", region: "City of London, Greater London", country: "United Kingdom" },
    ...{ latitude: 51.517, longitude: -0.106, zone: 0, from: 7, to: 13, wind: 19 },
    ...{ sunrise: "06:02 AM", sunset: "06:41 PM" },
    skies: [
      "partly",
      "rain",
      "shower",
      "overcast",
      "partly",
      "sunny",
      "cloudy",
      "drizzle",
      "rain",
      "partly",
      "partly",
      "sunny",
    ],
  },
  paris: {
    ...{ area: "Paris", region: "Ile-de-France", country: "France" },
    ...{ latitude: 48.867, longitude: 2.333, zone: 1, from: 9, to: 19, wind: 11 },
    ...{ sunrise: "06:58 AM", sunset: "07:39 PM" },
    skies: [
      "sunny",
      "partly",
      "clear",
      "clear",
      "sunny",
      "sunny",
      "partly",
      "cloudy",
      "shower",
      "partly",
      "partly",
      "sunny",
    ],
  },
  tokyo: {
    ...{ area: "Tokyo", region: "Tokyo", country: "Japan" },
    ...{ latitude: 35.69, longitude: 139.692, zone: 9, from: 16, to: 24, wind: 14 },
    ...{ sunrise: "05:31 AM", sunset: "06:02 PM" },
    skies: [
      "overcast",
      "heavy",
      "thunder",
      "rain",
      "shower",
      "cloudy",
      "partly",
      "partly",
      "sunny",
      "sunny",
      "clear",
      "partly",
    ],
  },
  reykjavik: {
    ...{ area: "Reykjavik", region: "Gullbringusysla", country: "Iceland" },
    ...{ latitude: 64.15, longitude: -21.95, zone: 0, from: -4, to: 1, wind: 38 },
    ...{ sunrise: "07:12 AM", sunset: "07:44 PM" },
    skies: [
      "snow",
      "lightSnow",
      "overcast",
      "cloudy",
      "lightSnow",
      "snow",
      "snow",
      "overcast",
      "partly",
      "clear",
      "partly",
      "cloudy",
    ],
  },
  nairobi: {
    ...{ area: "Nairobi", region: "Nairobi Area", country: "Kenya" },
    ...{ latitude: -1.283, longitude: 36.817, zone: 3, from: 14, to: 27, wind: 16 },
    ...{ sunrise: "06:28 AM", sunset: "06:35 PM" },
    skies: [
      "sunny",
      "partly",
      "thunder",
      "clear",
      "partly",
      "sunny",
      "shower",
      "clear",
      "partly",
      "sunny",
      "partly",
      "clear",
    ],
  },
  "san francisco": {
    ...{ area: "San Francisco", region: "California", country: "United States of America" },
    ...{ latitude: 37.775, longitude: -122.418, zone: -7, from: 10, to: 17, wind: 24 },
    ...{ sunrise: "07:01 AM", sunset: "07:08 PM" },
    skies: [
      "fog",
      "mist",
      "partly",
      "sunny",
      "clear",
      "fog",
      "mist",
      "sunny",
      "partly",
      "clear",
      "mist",
      "sunny",
    ],
  },
  // A clear night: on the other side of the day from London.
  auckland: {
    ...{ area: "Auckland", region: "Auckland", country: "New Zealand" },
    ...{ latitude: -36.867, longitude: 174.767, zone: 12, from: 12, to: 20, wind: 21 },
    ...{ sunrise: "06:12 AM", sunset: "07:31 PM" },
    skies: [
      "clear",
      "clear",
      "partly",
      "sunny",
      "partly",
      "clear",
      "cloudy",
      "shower",
      "partly",
      "clear",
      "clear",
      "sunny",
    ],
  },
  tromsø: {
    ...{ area: "Tromso", region: "Troms", country: "Norway" },
    ...{ latitude: 69.65, longitude: 18.957, zone: 1, from: -9, to: -3, wind: 9 },
    ...{ sunrise: "No sunrise", sunset: "No sunset" },
    skies: [
      "clear",
      "partly",
      "lightSnow",
      "snow",
      "clear",
      "clear",
      "partly",
      "cloudy",
      "lightSnow",
      "clear",
      "clear",
      "partly",
    ],
  },
};

/** The cities that the stub knows, by their names in lower case. */
export const CITIES = new Map(Object.entries(CLIMATES));

const HOUR = 60 * 60 * 1_000;
const pad = (value: number) => String(value).padStart(2, "0");
/** `08:37 PM` of a time whose UTC is the local clock. */
const clockOf = (at: Date) =>
  `${pad(at.getUTCHours() % 12 || 12)}:${pad(at.getUTCMinutes())} ${at.getUTCHours() < 12 ? "AM" : "PM"}`;
const value = (text: string) => [{ value: text }];
const fahrenheit = (celsius: number) => Math.round(celsius * 1.8 + 32);
const inches = (mm: number) => (mm / 25.4).toFixed(1);
/** wttr.in has a `-0`. */
const whole = (number: number) => (Object.is(Math.round(number), -0) ? "-0" : String(Math.round(number)));

/** °C at an hour of a day: coldest before dawn, warmest in the afternoon, each day a little different. */
function temperature({ from, to }: Climate, day: number, hour: number) {
  const wave = (1 - Math.cos(((hour - 4) / 24) * 2 * Math.PI)) / 2;
  return from + (to - from) * wave + [0, 1.4, -1.7][day % 3]!;
}

/** The document that wttr.in would answer for a city at a time. */
export function documentOf(climate: Climate, now: Date) {
  const local = new Date(now.getTime() + climate.zone * HOUR);
  const skyAt = (day: number, hour: number) => {
    const sky = climate.skies[(day * 4 + Math.floor(hour / 6)) % climate.skies.length]!;
    return SKIES[sky === "sunny" && (hour < 6 || hour > 18) ? "clear" : sky];
  };
  const hourOf = (day: number, hour: number) => {
    const [code, words, mm, chance] = skyAt(day, hour);
    const celsius = temperature(climate, day, hour);
    // Rain swells and ebbs within its six hours.
    const rain = hour % 6 === 0 ? mm : mm * 0.6;
    return {
      DewPointC: whole(celsius - 4),
      FeelsLikeC: whole(celsius - climate.wind / 12),
      FeelsLikeF: String(fahrenheit(celsius - climate.wind / 12)),
      chanceofrain: String(celsius < 1 ? 0 : chance),
      chanceofsnow: String(celsius < 1 ? chance : 0),
      cloudcover: String(Math.min(100, chance + 20)),
      humidity: String(60 + (chance >> 2)),
      precipInches: inches(rain),
      precipMM: rain.toFixed(1),
      pressure: String(1_016 - (chance >> 3)),
      tempC: whole(celsius),
      tempF: String(fahrenheit(celsius)),
      time: String(hour * 100),
      uvIndex: hour > 8 && hour < 17 ? "3" : "0",
      weatherCode: String(code),
      weatherDesc: value(words),
      weatherIconUrl: value(""),
      winddir16Point: "WSW",
      winddirDegree: "247",
      windspeedKmph: String(climate.wind),
      windspeedMiles: String(Math.round(climate.wind / 1.609)),
    };
  };
  const dayOf = (day: number) => {
    const hourly = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => hourOf(day, hour));
    const celsius = hourly.map(({ tempC }) => Number(tempC));
    const [high, low] = [Math.max(...celsius), Math.min(...celsius)];
    return {
      astronomy: [
        {
          moon_illumination: "63",
          moon_phase: "Waxing Gibbous",
          sunrise: climate.sunrise,
          sunset: climate.sunset,
        },
      ],
      avgtempC: whole((high + low) / 2),
      avgtempF: String(fahrenheit((high + low) / 2)),
      date: new Date(local.getTime() + day * 24 * HOUR).toISOString().slice(0, 10),
      hourly,
      maxtempC: whole(high),
      maxtempF: String(fahrenheit(high)),
      mintempC: whole(low),
      mintempF: String(fahrenheit(low)),
      sunHour: "8.2",
      totalSnow_cm: "0.0",
      uvIndex: "3",
    };
  };
  const hour = local.getUTCHours();
  const [code, words] = skyAt(0, hour);
  const celsius = temperature(climate, 0, hour + local.getUTCMinutes() / 60);
  const feels = celsius - climate.wind / 12;
  return {
    current_condition: [
      {
        FeelsLikeC: whole(feels),
        FeelsLikeF: String(fahrenheit(feels)),
        cloudcover: "75",
        humidity: "72",
        localObsDateTime: `${local.toISOString().slice(0, 10)} ${clockOf(local)}`,
        observation_time: clockOf(now),
        precipInches: "0.0",
        precipMM: "0.0",
        pressure: "1016",
        pressureInches: "30",
        temp_C: whole(celsius),
        temp_F: String(fahrenheit(celsius)),
        uvIndex: "3",
        visibility: "10",
        visibilityMiles: "6",
        weatherCode: String(code),
        weatherDesc: value(words),
        weatherIconUrl: value(""),
        winddir16Point: "WSW",
        winddirDegree: "247",
        windspeedKmph: String(climate.wind),
        windspeedMiles: String(Math.round(climate.wind / 1.609)),
      },
    ],
    nearest_area: [
      {
        areaName: value(climate.area),
        country: value(climate.country),
        latitude: String(climate.latitude),
        longitude: String(climate.longitude),
        population: "0",
        region: value(climate.region),
        weatherUrl: value(""),
      },
    ],
    request: [{ query: `Lat ${climate.latitude} and Lon ${climate.longitude}`, type: "LatLon" }],
    weather: [0, 1, 2].map(dayOf),
  };
}
