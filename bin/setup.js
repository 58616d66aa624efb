// What must be there before anything of ours can run. Plain Node: nothing is installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What a build is made from. */
const SOURCES = [
  "app",
  "models",
  "public",
  "server.ts",
  "manage.ts",
  "remix.config.js",
  "tsconfig.json",
  "package-lock.json",
];
const BUILT = ["build/server/index.js", "build/server.js", "build/manage.js"];

/** Runs a program to its end with our output; ends this process where it fails. */
function run(/** @type {string[]} */ [program = "", ...args], env = {}) {
  const { status } = spawnSync(program, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Whether node_modules holds, version for version, what the lock file names. */
function isInstalled() {
  const installed = "node_modules/.package-lock.json";
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const found = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === "" || optional || peer || found[path]?.version === version,
  );
}

/** The latest change in a file or in anything under a folder, the folders themselves included. */
function changedAt(/** @type {string} */ path) {
  let latest = statSync(path).mtimeMs;
  if (!statSync(path).isDirectory()) return latest;
  for (const name of readdirSync(path)) latest = Math.max(latest, changedAt(join(path, name)));
  return latest;
}

function isBuilt() {
  if (!BUILT.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...BUILT.map((file) => statSync(file).mtimeMs));
  return SOURCES.every((path) => changedAt(path) < oldest);
}

/** Installs what the lock file names, where it is not there. */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Tenfold needs Node 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  if (isInstalled()) return;
  console.log("Installing packages. Where sqlite3 has to be compiled this takes some minutes.");
  run(["npm", "ci", "--no-audit", "--no-fund"]);
}

/** Builds where a source is newer than the build. */
export function build() {
  if (isBuilt()) return;
  console.log("Building.");
  // Whatever is set where it starts: React for development is three times as large.
  run(["npm", "run", "--silent", "build"], { NODE_ENV: "production" });
}
