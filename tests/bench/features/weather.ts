import { startStub } from "~/features/weather/stub.server";
import { type RunningServer, startServer } from "../../helpers/server";
import { type Figures, load, median } from "../measure";
import type { BenchPage, BenchPart } from "../pages";

/** What needs a source is measured below, on servers that have one. */
export const pages: BenchPage[] = [{ name: "weather-search", path: "/weather", data: "small" }];

const [RUNS, SECONDS] = [3, 3];

/** The page of a city that is in the cache: in memory, and in Redis where there is one. */
async function measureCached({ databaseUrl }: RunningServer) {
  const stub = await startStub();
  const env = { WEATHER_BASE_URL: stub.url, DATABASE_URL: databaseUrl, LOG_LEVEL: "silent" };
  const { REDIS_URL } = process.env;
  const lines: string[] = [];
  for (const [name, more] of [
    ["in memory", {}],
    ...(REDIS_URL ? [["in Redis", { REDIS_URL }] as const] : []),
  ] as const) {
    const server = await startServer({ ...env, ...more });
    const page: BenchPage = { name: "weather", path: "/weather?city=London", data: "small" };
    await load(server, page, 2);
    const all: Figures[] = [];
    while (all.length < RUNS) all.push(await load(server, page, SECONDS));
    const [perSecond, cpu] = (["perSecond", "cpu"] as const).map((figure) =>
      median(all.map((figures) => figures[figure])),
    );
    lines.push(`${name}: ${perSecond!.toFixed(0)} requests/s, ${cpu!.toFixed(2)} ms CPU a request`);
    await server.stop();
  }
  const asked = stub.asked.length;
  await stub.stop();
  return `The weather of a city, cached; the source was asked ${asked} times.\n${lines.join("\n")}`;
}

export const parts: BenchPart[] = [{ name: "weather", run: measureCached }];
