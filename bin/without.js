// `node bin/without.js <feature> …`: deletes features in a copy of the project, and proves that the rest stands: it
// type-checks, builds, migrates, passes `manage check` and its tests. `--project <name>`, once or more, chooses the
// projects of Vitest, by default all but browser. `--here` deletes them in this folder instead, and proves nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copyProject } from "./copy.js";
import { deletable, deleteFeatures } from "./delete-features.js";
import { install } from "./setup.js";

const { here, projects, names } = options();
if (here) remove(".");
else prove();

function options() {
  try {
    const { values, positionals: names } = parseArgs({
      allowPositionals: true,
      options: {
        here: { type: "boolean", default: false },
        project: { type: "string", multiple: true, default: ["data", "pages", "server", "conformance"] },
      },
    });
    const known = deletable();
    if (names.length === 0 || !names.every((name) => known.includes(name)))
      throw new Error(`Name features to delete. There are: ${known.join(", ")}.`);
    return { here: values.here, projects: values.project, names };
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(2);
  }
}

function remove(/** @type {string} */ root) {
  const { gone, edited } = deleteFeatures(root, names);
  for (const path of gone) console.log(`deleted ${path}`);
  for (const path of edited) console.log(`edited  ${path}`);
}

function prove() {
  install();
  const copy = mkdtempSync(join(tmpdir(), "tenfold-without-"));
  copyProject(copy);
  remove(copy);
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(copy, "without.sqlite")}` };
  const steps = [
    ["typecheck", "npm", "run", "--silent", "typecheck"],
    ["build", "npm", "run", "--silent", "build"],
    ["migrate", "node", "build/manage.js", "migrate"],
    ["check", "node", "build/manage.js", "check"],
    ["test", "node", "bin/test.js", ...projects.map((name) => `--project=${name}`)],
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
