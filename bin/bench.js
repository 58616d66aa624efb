// `npm run bench`: set-up, then figures of the production build. Arguments go to tests/bench/run.ts.
import { spawnSync } from "node:child_process";
import { build, install } from "./setup.js";

install();
build();
const { status } = spawnSync(
  process.execPath,
  ["node_modules/tsx/dist/cli.mjs", "tests/bench/run.ts", ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
