// Loaded into a server before it starts: kills it, without any warning, before the KILL_AT-th thing that it does to a
// file or folder of UPLOADS.
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";

const uploads = resolve(process.env.UPLOADS ?? "");
const last = Number(process.env.KILL_AT);
let steps = 0;

function step() {
  steps += 1;
  if (steps === last) process.kill(process.pid, "SIGKILL");
}

/** Counts a function of node:fs/promises where it is called for something under UPLOADS. */
function count(/** @type {"open" | "mkdir" | "rename" | "rm"} */ name) {
  const original = /** @type {(...args: any[]) => any} */ (fs[name]);
  Object.assign(fs, {
    [name]: async (/** @type {any[]} */ ...args) => {
      const isOurs = typeof args[0] === "string" && args[0].startsWith(uploads);
      if (isOurs) step();
      const result = await original(...args);
      if (isOurs && name === "open") countHandle(result);
      return result;
    },
  });
}

/** Counts what is done to an open file. */
function countHandle(/** @type {any} */ handle) {
  for (const name of ["write", "sync", "close"]) {
    const original = handle[name];
    handle[name] = (/** @type {any[]} */ ...args) => {
      step();
      return original.apply(handle, args);
    };
  }
}

for (const name of /** @type {const} */ (["open", "mkdir", "rename", "rm"])) count(name);
syncBuiltinESMExports();
