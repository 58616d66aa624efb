// The production build, for server.ts to serve (TENFOLD_BUILD), where half of what processes tell each other is lost, and
// half of what parts of one process do.
export * from "../../../build/server/index.js";

import { Redis } from "ioredis";

const isLost = () => Math.random() < 0.5;

/** @type {Map<string, any>} */
const house = /** @type {any} */ (globalThis).__tenfold;

const { groups } = house.get("channels");
const emit = groups.emit.bind(groups);
groups.emit = (/** @type {string} */ group, /** @type {unknown} */ message) =>
  isLost() || emit(group, message);

const publish = Redis.prototype.publish;
Redis.prototype.publish = /** @type {any} */ (
  function (/** @type {any} */ ...args) {
    return isLost() ? Promise.resolve(0) : publish.apply(/** @type {any} */ (this), args);
  }
);
