import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/** What is made from the source, or belongs to one place: builds, data, settings. */
export const LEFT = ["node_modules", "build", "data", "uploads", ".git", ".env"];
/** What of node_modules is no package. The rest that begins with a dot are caches. */
const TAKEN = [".bin", ".package-lock.json"];

/** Copies the project's source into a folder. It shares the packages, each by a link, and has caches of its own. */
export function copyProject(/** @type {string} */ to) {
  for (const name of readdirSync(".")) {
    if (!LEFT.includes(name)) cpSync(name, join(to, name), { recursive: true });
  }
  mkdirSync(join(to, "node_modules"));
  for (const name of readdirSync("node_modules")) {
    if (name.startsWith(".") && !TAKEN.includes(name)) continue;
    symlinkSync(resolve("node_modules", name), join(to, "node_modules", name));
  }
}
