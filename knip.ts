/** What `npm run lint` holds for unused: everything that none of these leads to. */
import type { RouteConfigEntry } from "@remix-run/route-config";
import routes from "./app/routes";

const modules = (entries: RouteConfigEntry[]): string[] =>
  entries.flatMap(({ file, children = [] }) => [`app/${file}`, ...modules(children)]);

export default {
  entry: [
    "bin/*.js",
    "app/{root,entry.client,entry.server,routes}.{ts,tsx}",
    ...modules(routes as RouteConfigEntry[]),
    "models/migrations/*.ts",
    "tests/**/*.test.{ts,tsx}",
    "tests/helpers/{setup,database,pages,template-database,conformance}.ts",
    "tests/bench/**/*.{ts,js}",
    // Programs that tests run.
    "tests/helpers/faulty-build.js",
    "tests/helpers/hasty.js",
    "tests/helpers/kill-at.js",
    "tests/helpers/later.js",
    "tests/manage/migrate-on-go.ts",
    "tests/**/*-{program.ts,build.js}",
  ],
  // Makes a terminal for tests of commands that ask.
  ignoreBinaries: ["script"],
  project: ["**/*.{ts,tsx,js}"],
};
