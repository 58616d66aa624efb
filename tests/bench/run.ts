/**
 * `npm run bench [-- --seconds 5 --runs 1 --only <name>]`: what a request costs on the production build. Machines
 * drift: compare figures of one machine and one hour, believe no difference below 20%, and none at all where
 * others took more than some per cent of a core.
 */
import { copyFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { form, listening, type RunningServer, startServer } from "../helpers/server";
import { databaseUrl } from "./folder";
import { CONNECTIONS, type Figures, load, median, residentMiB, weigh } from "./measure";
import { type BenchPage, bench, fileOf, pages, parts, prepare } from "./pages";

/** The last parts of the run, by the names that --only knows them by. */
const LOGINS = "logins";
const GROWTH = "growth";
const START = "second-start";
/** Browsers that sign in again and again. As many may try a name at once. */
const LOGIN_CONNECTIONS = 4;
const STARTS = 5;
const GROWTH_PAGES = ["home", "login"];
const GROWTH_RUNS = 15;
const GROWTH_SECONDS = 1;
/** More than this is no noise any more. */
const GROWTH_LIMIT = 1.2;
const EXTRA_ROUTES = new URL("extra-routes.js", import.meta.url).href;
const WARM_UP_SECONDS = 2;

const number = (digits: number) => (value: number) => (Number.isNaN(value) ? "n/a" : value.toFixed(digits));
const whole = number(0);
const fine = number(2);

process.on("SIGINT", () => process.exit(130));

try {
  await main();
} catch (error) {
  console.error(`\n!!! ${(error as Error).message}`);
  process.exit(1);
}
process.exit();

async function main() {
  const { seconds, runs, only } = options();
  await prepare();
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)} before; ` +
      `${CONNECTIONS} connections, ${seconds} s a page, median of ${runs}.\n`,
  );
  const isPart = parts.some(({ name }) => name === only) || [LOGINS, GROWTH, START].includes(only ?? "");
  if (!isPart) await measurePages(only, seconds, runs);
  for (const part of parts.filter(({ name }) => !only || name === only)) {
    // What it adds, nothing that is measured after it is to find.
    const own = databaseUrl(part.name);
    copyFileSync(fileOf(databaseUrl("small")), fileOf(own));
    const { server } = await start("small", { DATABASE_URL: own });
    console.log(`${await part.run(server)}\n`);
    await server.stop();
  }
  if (!only || only === LOGINS) await measureLogins(seconds, runs);
  if (!only || only === GROWTH) await measureGrowth();
  if (!only || only === START) await measureSecondStart();
}

function options() {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "5" },
      runs: { type: "string", default: "1" },
      only: { type: "string" },
    },
  });
  const { only } = values;
  const seconds = Number(values.seconds);
  const runs = Number(values.runs);
  const names = [...[...pages, ...parts].map(({ name }) => name), LOGINS, GROWTH, START];
  if (only && !names.includes(only)) throw new Error(`--only takes one of: ${names.join(", ")}.`);
  if (!(seconds > 0) || !(runs >= 1)) throw new Error("--seconds and --runs take a number above 0.");
  return { seconds, runs, only };
}

/** Starts a server on a data set; `bootMs` is the time until it listens. */
async function start(data: BenchPage["data"], env: Record<string, string> = {}) {
  const before = performance.now();
  const server = await startServer({ LOG_LEVEL: "silent", DATABASE_URL: databaseUrl(data), ...env });
  return { server, bootMs: performance.now() - before };
}

/** One row a page, then what is the same for all of them. */
async function measurePages(only: string | undefined, seconds: number, runs: number) {
  const small = await start("small");
  const large = await start("large");
  row("page", "requests/s", "p50 ms", "p99 ms", "CPU ms", "body bytes", "scripts kB", "others %");
  for (const page of pages.filter(({ name }) => !only || name === only)) {
    const { server } = page.data === "small" ? small : large;
    await load(server, page, WARM_UP_SECONDS);
    const all: Figures[] = [];
    while (all.length < runs) all.push(await load(server, page, seconds));
    const middle = (figure: keyof Figures) => median(all.map((figures) => figures[figure]));
    const { bytes, scripts } = await weigh(server, page);
    row(
      page.name,
      whole(middle("perSecond")),
      whole(middle("p50")),
      whole(middle("p99")),
      fine(middle("cpu")),
      whole(bytes),
      (scripts / 1000).toFixed(1),
      whole(middle("others") * 100),
    );
  }
  console.log(`
started in                    ${whole(small.bootMs)} ms
memory after the run          ${whole(residentMiB(small.server))} MiB
`);
  await Promise.all([small.server.stop(), large.server.stop()]);
}

/**
 * A plain page that one browser asks for, alone and while others sign in: hashing passwords must not keep it waiting.
 * One browser leaves the server idle in between, so that what it waits for shows.
 */
async function measureLogins(seconds: number, runs: number) {
  const { server } = await start("small");
  const page = pages.find(({ name }) => name === "home")!;
  const login = {
    name: LOGINS,
    path: "/accounts/login",
    data: "small",
    method: "POST",
    status: 303,
  } as const;
  const signingIn: BenchPage = { ...login, ...form(bench) };
  const alone: Figures[] = [];
  const during: Figures[] = [];
  const logins: Figures[] = [];
  await load(server, page, WARM_UP_SECONDS, 1);
  while (alone.length < runs) {
    alone.push(await load(server, page, seconds, 1));
    const [beside, own] = await Promise.all([
      load(server, page, seconds, 1),
      load(server, signingIn, seconds, LOGIN_CONNECTIONS),
    ]);
    during.push(beside);
    logins.push(own);
  }
  console.log(`The home page for one browser while ${LOGIN_CONNECTIONS} others sign in again and again:\n`);
  row("", "requests/s", "p50 ms", "p99 ms");
  for (const [name, all] of Object.entries({ alone, "during logins": during, logins })) {
    const middle = (figure: "perSecond" | "p50" | "p99") => median(all.map((figures) => figures[figure]));
    row(name, whole(middle("perSecond")), whole(middle("p50")), whole(middle("p99")));
  }
  console.log("");
  await server.stop();
}

/** The same pages with and without 200 more routes, in turns, so that both see the same drift. */
async function measureGrowth() {
  const variants = [
    { server: (await start("small")).server, figures: [] as Figures[] },
    { server: (await start("small", { TENFOLD_BUILD: EXTRA_ROUTES })).server, figures: [] as Figures[] },
  ] as const;
  const [plain, grown] = variants;
  await mustAnswer(plain.server, "/extra-1", 404);
  await mustAnswer(grown.server, "/extra-1", 200);
  await mustAnswer(grown.server, "/extra-196/extra-197/extra-198/extra-199/extra-200", 200);

  console.log(`With 200 more routes, median of ${GROWTH_RUNS} runs of ${GROWTH_SECONDS} s each:\n`);
  row("page", "requests/s", "with 200", "CPU ms", "with 200", "ratio");
  const over: string[] = [];
  for (const page of pages.filter(({ name }) => GROWTH_PAGES.includes(name))) {
    for (const { server, figures } of variants) {
      figures.length = 0;
      await load(server, page, WARM_UP_SECONDS);
    }
    for (let run = 0; run < GROWTH_RUNS; run++) {
      for (const { server, figures } of run % 2 ? variants.toReversed() : variants) {
        figures.push(await load(server, page, GROWTH_SECONDS));
      }
    }
    const of = ({ figures }: typeof plain, name: keyof Figures) => median(figures.map((each) => each[name]));
    // Each pair of runs saw the same machine; the medians of the columns may not.
    const ratio = median(plain.figures.map(({ cpu }, run) => (grown.figures[run]?.cpu ?? Number.NaN) / cpu));
    row(
      page.name,
      whole(of(plain, "perSecond")),
      whole(of(grown, "perSecond")),
      fine(of(plain, "cpu")),
      fine(of(grown, "cpu")),
      fine(ratio),
    );
    if (ratio > GROWTH_LIMIT) over.push(page.name);
  }
  if (over.length > 0)
    throw new Error(`The cost of a request grows with the number of routes: ${over.join(", ")}.`);
}

/** `npm start` where all is installed, built and migrated: from the command to the first page. */
async function measureSecondStart() {
  const times: number[] = [];
  while (times.length < STARTS) {
    const before = performance.now();
    const server = await listening(["bin/start.js"], ".", { DATABASE_URL: databaseUrl("small") });
    await mustAnswer(server, "/", 200);
    times.push(performance.now() - before);
    await server.stop();
  }
  console.log(`\nA second npm start shows its first page after ${whole(median(times))} ms.`);
}

async function mustAnswer({ url }: RunningServer, path: string, status: number) {
  const response = await fetch(url + path);
  await response.arrayBuffer();
  if (response.status !== status)
    throw new Error(`${path} must answer ${status}; it answered ${response.status}.`);
}

function row(name: string, ...cells: string[]) {
  console.log([name.padEnd(24), ...cells.map((cell) => cell.padStart(11))].join(""));
}
