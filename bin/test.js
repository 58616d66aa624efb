// `npm test`: set-up, then every test; `--postgres`: those that read the database, on the one DATABASE_URL names, and
// those of conformance on a database beside it.
// More arguments go to Vitest. The last line counts over all of them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install } from "./setup.js";

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];
const REDIS_SERVERS = [
  "/usr/bin/redis-server",
  "/usr/local/bin/redis-server",
  "/opt/homebrew/bin/redis-server",
];

const args = process.argv.slice(2);
const postgres = args.includes("--postgres");
const rest = args.filter((arg) => arg !== "--postgres");

/** Names a program that some tests need, for them to find; without it they are skipped, but never under CI=true. */
function find(
  /** @type {string} */ setting,
  /** @type {string[]} */ paths,
  /** @type {string} */ program,
  /** @type {string} */ tests,
  /** @type {string} */ debian,
) {
  process.env[setting] ??= paths.find((path) => existsSync(path)) ?? "";
  if (process.env[setting]) return;
  const how = `Install it (Debian: apt-get install ${debian}) or name one with ${setting}=<path>.`;
  if (process.env.CI === "true") {
    console.error(`No ${program} was found, and CI must run the ${tests}. ${how}`);
    process.exit(1);
  }
  console.error(`\n!!! THE ${tests.toUpperCase()} ARE SKIPPED: no ${program} was found. ${how}\n`);
}

install();
if (postgres && !/^postgres(ql)?:\/\//.test(process.env.DATABASE_URL ?? "")) {
  console.error(
    "npm run test:postgres needs DATABASE_URL=postgres://user:password@host/database of a server that may be used for tests.",
  );
  process.exit(1);
}
build();
if (postgres) {
  rest.push("--project", "data", "--project", "conformance");
} else {
  delete process.env.DATABASE_URL;
  find("CHROMIUM", BROWSERS, "Chromium", "browser tests", "chromium chromium-headless-shell");
}
find("REDIS_SERVER", REDIS_SERVERS, "Redis server", "tests with Redis", "redis-server");

const folder = mkdtempSync(join(tmpdir(), "tenfold-test-"));
const report = join(folder, "report.json");
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config=remix.config.js",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${report}`,
    ...rest,
  ],
  { stdio: "inherit" },
);
let counted = 1;
if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that could not even be read has no failed test, and is a failure all the same.
  const failed = numFailedTests || (success ? 0 : 1);
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
  counted = numPassedTests > 0 ? 0 : 1;
}
rmSync(folder, { recursive: true, force: true });
process.exit(status || counted);
