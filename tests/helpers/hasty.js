// Loaded into a server before it starts: what it allows a connection that brings nothing is over a hundred times sooner.
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

const SOONER = 100;
const { createServer } = http;
const every = globalThis.setInterval;

Object.assign(http, {
  createServer(/** @type {http.ServerOptions} */ options, /** @type {http.RequestListener} */ listener) {
    const server = createServer({ ...options, connectionsCheckingInterval: 100 }, listener);
    server.headersTimeout /= SOONER;
    server.keepAliveTimeout /= SOONER;
    return server;
  },
});
Object.assign(globalThis, {
  setInterval: (/** @type {() => void} */ work, /** @type {number} */ ms) =>
    every(work, ms < 10_000 ? ms : ms / SOONER),
});
syncBuiltinESMExports();
