/**
 * The HTTP process. It composes: request id, log line, security headers, origin check, static files, Remix.
 * It imports nothing of ours: a module that both it and the Remix build import would exist twice.
 * Over 300 lines: so all that a request passes through stands here, in its order.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import helmet from "helmet";
import onHeaders from "on-headers";

type Build = Omit<ServerBuild, "entry"> & { entry: { module: typeof import("./app/entry.server") } };

const development = process.env.NODE_ENV !== "production";
/** Milliseconds in which proxies notice by /readyz that this process is about to stop. */
const NOTICE = 2_000;
/** Milliseconds that a stop waits for requests under way. */
const GRACE = 8_000;
/** Milliseconds in which a connection brings the headers of a request. */
const HEADERS = 60_000;
/**
 * Milliseconds that a connection is kept for the next request: longer than proxies do, Caddy with its two minutes before
 * all. Who closes first may close on a request that is just coming, and a form is not sent again by itself.
 */
const KEPT = 150_000;
/** Milliseconds of a stretch of a body, and bytes that each has to bring: some 3 kB a second. */
const BODY_STRETCH = 30_000;
const BODY_LEAST = 100_000;

if (existsSync(".env")) process.loadEnvFile(".env");

const app = express();
const server = createServer({ requestTimeout: 0, headersTimeout: HEADERS, keepAliveTimeout: KEPT }, app);
const vite = development ? await startVite() : undefined;
const builtBuild = process.env.TENFOLD_BUILD ?? new URL("server/index.js", import.meta.url).href;

const loadBuild = async (): Promise<Build> =>
  vite ? ((await vite.ssrLoadModule("virtual:remix/server-build")) as Build) : await import(builtBuild);

async function startVite() {
  const { createServer: createVite } = await import("vite");
  return createVite({ configFile: "remix.config.js", server: { middlewareMode: true, hmr: { server } } });
}

const house = await loadBuild()
  .then((build) => build.entry.module.boot())
  .catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });

let stopping = false;

/** What opens a door by itself: who reads the log is not to go through it. */
const KEYS = /^(\/accounts\/(?:reset|setup)\/)[^/]+/;

/** One line a request, when its answer has gone out or its connection has. The query may hold what is private. */
const logged: RequestHandler = (request, response, next) => {
  const start = performance.now();
  const { method, path } = request;
  const id = randomUUID();
  response.locals.requestId = id;
  response.setHeader("X-Request-Id", id);
  const ended = house.requestBegan();
  response.on("close", () => {
    ended();
    const { statusCode: status, writableFinished } = response;
    const ms = Math.round((performance.now() - start) * 10) / 10;
    const line = {
      id,
      method,
      path: path.replace(KEYS, "$1…"),
      status,
      ms,
      ...(!writableFinished && { aborted: true }),
    };
    house.log[status >= 500 ? "error" : "info"](line, "request");
  });
  next();
};

/**
 * Reads and drops what an answer has left of its request. A browser sends all of a form before it looks at the answer,
 * so a redirect to the login in the midst of an upload would never be seen. `steady` ends what never ends.
 */
const readToTheEnd: RequestHandler = (request, response, next) => {
  response.on("finish", () => {
    if (!request.complete) request.removeAllListeners("data").resume();
  });
  next();
};

/**
 * Ends a body that hardly comes, also one whose answer has gone out before: in each stretch of time it has to bring some
 * bytes, however large it is. A limit for the whole of it, as Node's, would end 2 GB on an honest line. While we are the
 * ones who do not read, nothing can come.
 */
const steady: RequestHandler = (request, _response, next) => {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length || encoding) {
    let before = request.socket.bytesRead;
    const watch = setInterval(() => {
      const { bytesRead } = request.socket;
      if (request.complete) return clearInterval(watch);
      const isOurs = request.readableLength > 0;
      if (!isOurs && bytesRead - before < BODY_LEAST) request.destroy();
      before = bytesRead;
    }, BODY_STRETCH);
    watch.unref();
    request.on("close", () => clearInterval(watch));
  }
  next();
};

/** Leaves of the forwarded hosts the one that the client asked for, and none where nobody vouches for it. */
const forwardedHost: RequestHandler = ({ headers }, _response, next) => {
  const [first] = String(headers["x-forwarded-host"] ?? "").split(",");
  if (house.settings.TRUST_PROXY > 0 && first) headers["x-forwarded-host"] = first.trim();
  else delete headers["x-forwarded-host"];
  next();
};

/** Characters and segments of a path: what Remix and others do with one grows with the square of these. */
const PATH = { characters: 2_000, segments: 30 };
/** Paths that the browser asks the routes of at once: those that the links of a page lead to. */
const MOST_PATHS = 250;

const isShort = (path: string) =>
  path.length <= PATH.characters && path.split("/").length <= PATH.segments + 1;

/** Whether Remix can be asked that: no more than it does in a moment, and nothing of its old protocol for data. */
function isModest({ path, url }: express.Request) {
  const { searchParams } = new URL(url, "http://localhost");
  const paths = searchParams.getAll("p");
  const isManifest = path === "/__manifest";
  return (
    isShort(path) &&
    !searchParams.has("_data") &&
    (!isManifest || (paths.length <= MOST_PATHS && paths.every(isShort)))
  );
}

/** Whether a URL can be made of what is asked for: of host, target and percent-encoding. */
function isWellFormed(request: express.Request) {
  const hosts = [request.headers.host ?? "", request.headers["x-forwarded-host"] ?? "localhost"];
  const sound =
    request.url.startsWith("/") &&
    hosts.every(
      (host) => /^[\w.:[\]-]+$/.test(String(host)) && URL.canParse(request.url, `http://${host}`),
    ) &&
    ["http", "https"].includes(request.protocol);
  try {
    return sound && decodeURIComponent(request.path) !== "";
  } catch {
    return false;
  }
}

/** What createRemixRequest cannot make a URL of must not reach it. */
const wellFormed: RequestHandler = (request, response, next) => {
  if (isWellFormed(request) && isModest(request)) return next();
  response.status(400).type("text").send("Bad Request\n");
};

/** Remix has a check of its own that only knows `Origin` and answers an empty 500; ours decides, at the gate. */
const origin: RequestHandler = async (request, response, next) => {
  if (request.method === "GET" || request.method === "HEAD") return next();
  const { isCrossSite } = (await loadBuild()).entry.module;
  response.locals.crossSite = isCrossSite({
    site: request.get("Sec-Fetch-Site"),
    origin: request.get("Origin"),
    host: request.get("X-Forwarded-Host") ?? request.get("Host"),
  });
  delete request.headers.origin;
  next();
};

const securityHeaders: RequestHandler = (request, response, next) => {
  response.locals.cspNonce = randomBytes(16).toString("base64");
  // The page that a browser has kept goes with the nonce that it was sent with (RFC 9111, 4.3.4).
  onHeaders(response, () => {
    if (response.statusCode === 304) response.removeHeader("Content-Security-Policy");
  });
  protect(request, response, next);
};

const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", (_, response) => `'nonce-${(response as express.Response).locals.cspNonce}'`],
      // Vite's development client puts style elements into the page.
      styleSrc: development ? ["'self'", "'unsafe-inline'"] : ["'self'"],
      connectSrc: development ? ["'self'", "ws:"] : ["'self'"],
      // `blob:` is a picture that was chosen here and is not sent yet.
      imgSrc: ["'self'", "data:", "blob:"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // `no-referrer`, the default, would make browsers send `Origin: null` with our own forms.
  referrerPolicy: { policy: "same-origin" },
  strictTransportSecurity: false,
  crossOriginEmbedderPolicy: false,
});

/** Machine endpoints pass by what only pages need: it would cost several times what they do themselves. */
const machines: RequestHandler = async (request, response, next) => {
  if (request.method !== "POST") return next();
  try {
    const build = await loadBuild();
    const endpoint = build.entry.module.machineEndpoint(build as ServerBuild, request.path);
    if (!endpoint) return next();
    await endpoint(request, response, { ip: request.ip, requestId: response.locals.requestId });
  } catch (error) {
    next(error);
  }
};

const handlers = new WeakMap<Build, Map<string, RequestHandler>>();

const remix: RequestHandler = async (request, response, next) => {
  try {
    const build = await loadBuild();
    const { gated, narrowed, paced, segmentOf } = build.entry.module;
    const bySegment = handlers.get(build) ?? new Map<string, RequestHandler>();
    handlers.set(build, bySegment);
    const segment = segmentOf(build as ServerBuild, request.path);
    const handler =
      bySegment.get(segment) ??
      createRequestHandler({
        build: gated(narrowed(build as ServerBuild, segment)),
        mode: process.env.NODE_ENV,
        getLoadContext: ({ ip }, response) => {
          const { cspNonce, crossSite, requestId } = response.locals;
          const onClose = (listener: () => void) =>
            response.destroyed ? listener() : void response.once("close", listener);
          return { cspNonce, crossSite, requestId, ip, onClose, takesMore: paced(response) };
        },
      });
    bySegment.set(segment, handler);
    // Fetch knows no TRACE or PROPFIND; every verb that is not one of these is refused alike, with Allow.
    if (!["GET", "HEAD", "POST"].includes(request.method)) request.method = "PUT";
    await handler(request, response, next);
  } catch (error) {
    next(error);
  }
};

/** The last resort: no page, no stack, and a log line. */
const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  house.log.error({ err: error, id: response.locals.requestId }, "unexpected error");
  if (response.headersSent) return void response.destroy();
  response.status(500).type("text").send("Internal Server Error\n");
};

app.disable("x-powered-by").disable("etag").set("trust proxy", house.settings.TRUST_PROXY);
app.use(logged, steady, readToTheEnd, securityHeaders, forwardedHost, wellFormed);
app.get("/healthz", (_request, response) => void response.type("text").send("ok\n"));
app.get("/readyz", async (_request, response) => {
  const ready = !stopping && (await house.ping().catch(() => false));
  response
    .status(ready ? 200 : 503)
    .type("text")
    .send(ready ? "ok\n" : "not ready\n");
});
app.use(machines, compression());
if (vite) {
  app.use(vite.middlewares);
} else {
  const client = new URL("client/", import.meta.url).pathname;
  app.use("/assets", express.static(`${client}assets`, { immutable: true, maxAge: "1y", index: false }));
  for (const file of readdirSync(client, { withFileTypes: true })) {
    if (file.isFile()) app.use(`/${file.name}`, express.static(`${client}${file.name}`, { maxAge: "1h" }));
  }
}
app.use(origin, remix, failed);

/** Sockets are the house's; in development Vite's own pass, which it listens for itself. */
server.on("upgrade", (incoming, socket, head) => {
  if (vite && /^vite-/.test(incoming.headers["sec-websocket-protocol"] ?? "")) return;
  // Who leaves in the midst of a handshake must not end the process.
  socket.on("error", () => {});
  // As Express does: `ip` and `protocol` are what trusted proxies tell.
  const request: express.Request = Object.setPrototypeOf(incoming, app.request);
  forwardedHost(request, undefined as never, () => {});
  if (!isWellFormed(request)) return house.refuseUpgrade(socket, 400);
  const { protocol, ip = "" } = request;
  const host = String(request.headers["x-forwarded-host"] ?? request.headers.host);
  void house.upgraded({ request, socket, head, protocol, host, ip });
});

server.on("error", (error: NodeJS.ErrnoException) => {
  const { HOST, PORT } = house.settings;
  console.error(
    error.code === "EADDRINUSE"
      ? `Port ${PORT} is taken on ${HOST}. Set PORT to another, or to 0 for any free one.`
      : `Cannot listen on ${HOST}:${PORT}: ${error.message}`,
  );
  process.exit(1);
});
server.listen(house.settings.PORT, house.settings.HOST, () => {
  const { address, port } = server.address() as AddressInfo;
  const host = ["127.0.0.1", "::1", "0.0.0.0", "::"].includes(address) ? "localhost" : house.settings.HOST;
  const url = `http://${host}:${port}`;
  console.log(`Tenfold listens on ${url}`);
  house
    .notices(url)
    .then((lines) => {
      for (const line of lines) console.log(line);
    })
    .catch((error: Error) => house.log.error({ err: error }, "unexpected error"));
});

async function stop() {
  stopping = true;
  // Whom the system has let in and we have not is cut off by a close: by then nobody may be sent here any more.
  if (house.settings.TRUST_PROXY > 0) await sleep(NOTICE);
  const closed = new Promise((done) => server.close(done));
  house.endStreams();
  // A connection whose answer has just ended would be kept for the next request.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const brokenOff = sleep(GRACE).then(() => server.closeAllConnections());
  await Promise.all([Promise.race([closed, brokenOff]), house.closeSockets(), house.stopWork()]);
  clearInterval(idle);
  await vite?.close();
  await house.stop();
  process.exit(0);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    void stop();
  });
}
