// `npm run dev`: installs where needed; restarts when server.ts changes. Everything else reloads in place.
import { spawn } from "node:child_process";
import { install } from "./setup.js";

install();
const server = spawn(
  process.execPath,
  ["node_modules/tsx/dist/cli.mjs", "watch", "--clear-screen=false", "server.ts"],
  {
    stdio: "inherit",
  },
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));
