// `node bin/without.js <feature> …`: deletes features in a copy of the project, and proves that the rest stands: it
// type-checks, builds, migrates, passes `manage check` and its tests. `--project <name>`, once or more, chooses the
// projects of Vitest, by default all but browser and guide. `--each` does so with each of the features by itself, and
// runs of the tests those that can see what was edited. Tests that kill processes are left to `npm test`. `--here`
// deletes them in this folder instead, and proves nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copyProject } from "./copy.js";
import { deletable, deleteFeatures } from "./delete-features.js";
import { install } from "./setup.js";

/** Those that kill processes and wait for others to notice: they take most of the time, and would prove the same. */
const KILLING = ["**/{killed,*processes}.test.ts", "tests/faults/**"];

const { here, each, projects, names } = options();
if (here) remove(".", names);
else {
  install();
  if (each) for (const name of names) prove([name], (edited) => testsThatSee(edited));
  else prove(names, () => ["bin/test.js", ...projects, ...without(KILLING)]);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        here: { type: "boolean", default: false },
        each: { type: "boolean", default: false },
        project: { type: "string", multiple: true, default: ["data", "pages", "server", "conformance"] },
      },
    });
    const known = deletable();
    const { here, each, project } = values;
    const names = each && positionals.length === 0 ? known : positionals;
    if (names.length === 0 || !names.every((name) => known.includes(name)))
      throw new Error(`Name features to delete. There are: ${known.join(", ")}.`);
    return { here, each, projects: project.map((name) => `--project=${name}`), names };
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(2);
  }
}

/** @returns the paths of what was edited. */
function remove(/** @type {string} */ root, /** @type {string[]} */ names) {
  const { gone, edited } = deleteFeatures(root, names);
  for (const path of gone) console.log(`deleted ${path}`);
  for (const path of edited) console.log(`edited  ${path}`);
  return edited;
}

/** Those that import it. Those of commands run what is built: with several features at once they run as well. */
function testsThatSee(/** @type {string[]} */ edited) {
  return [
    "node_modules/vitest/vitest.mjs",
    "related",
    "--run",
    "--config=remix.config.js",
    "--project=data",
    "--project=pages",
    ...without([...KILLING, "tests/manage/**"]),
    ...edited,
  ];
}

function without(/** @type {string[]} */ globs) {
  return globs.map((glob) => `--exclude=${glob}`);
}

/** `tests`: what Node is to run as the last step, by what was edited. */
function prove(/** @type {string[]} */ names, /** @type {(edited: string[]) => string[]} */ tests) {
  const copy = mkdtempSync(join(tmpdir(), "tenfold-without-"));
  copyProject(copy);
  const edited = remove(copy, names);
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(copy, "without.sqlite")}` };
  const steps = [
    ["typecheck", "npm", "run", "--silent", "typecheck"],
    ["build", "npm", "run", "--silent", "build"],
    ["migrate", "node", "build/manage.js", "migrate"],
    ["check", "node", "build/manage.js", "check"],
    ["test", "node", ...tests(edited)],
  ];
  for (const [step, program = "", ...args] of steps) {
    console.log(`\nWithout ${names.join(", ")}: ${step}`);
    const shell = process.platform === "win32";
    if (spawnSync(program, args, { cwd: copy, env, stdio: "inherit", shell }).status === 0) continue;
    console.error(`\nWithout ${names.join(", ")}: ${step} FAILED. What is left is in ${copy}.`);
    process.exit(1);
  }
  rmSync(copy, { recursive: true });
  console.log(`\nWithout ${names.join(", ")}: everything stands.`);
}
