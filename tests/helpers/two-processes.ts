/**
 * Two processes of the production server on one database, one folder of uploads and one Redis, private, behind a proxy as
 * a team has them. On Postgres where DATABASE_URL says so, else on one SQLite file.
 */
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect } from "vitest";
import { type NewUser, User } from "#models/user.server";
import { startRedis } from "./redis-server";
import { LONG, PASSWORD, post, type RunningServer, send, sessionCookie, startServer } from "./server";

export type TwoProcesses = Awaited<ReturnType<typeof startTwoProcesses>>;

export async function startTwoProcesses(env: Record<string, string> = {}) {
  const redis = await startRedis();
  const start = (PORT: string) =>
    startServer({
      DATABASE_URL: process.env.DATABASE_URL!,
      UPLOADS: process.env.UPLOADS!,
      REDIS_URL: redis.url,
      REQUIRE_LOGIN: "true",
      TRUST_PROXY: "1",
      ...env,
      PORT,
    });
  const servers = await Promise.all([start("0"), start("0")]);
  const proxy = await startProxy(servers.map(({ port }) => port));
  return {
    servers: servers as [RunningServer, RunningServer],
    redis,
    /** The port of the proxy, which hands each request to the next process. */
    port: proxy.port,
    /** Ends one of them in order, as systemd does, and starts it anew. @returns its exit code. */
    async restart(n: 0 | 1) {
      const old = servers[n]!;
      old.process.kill("SIGTERM");
      const code = await old.exited;
      await old.stop();
      servers[n] = await start(String(old.port));
      await proxy.isReady(old.port);
      return code;
    },
    async stop() {
      await proxy.stop();
      for (const server of servers) await server.stop();
      await redis.stop();
    },
  };
}

/** Adds a person and signs them in through a server or the proxy. @returns who it is, and what their browser sends. */
export async function personAt(at: { port: number }, username: string, values: Partial<NewUser> = {}) {
  const user = await User.add({ username, password: PASSWORD, ...values });
  return { user, headers: await signInAt(at, username) };
}

/** Signs a person in who there is already. */
export async function signInAt(at: { port: number }, username: string) {
  const answer = await post(at, "/accounts/login", { username, password: PASSWORD });
  expect(answer.status).toBe(303);
  return { Cookie: sessionCookie(answer).split(";")[0]! };
}

/**
 * A reverse proxy as small as it can be, reached by https as far as it tells. It takes those processes in turn that say
 * that they are ready. Where there is none, or an answer breaks off, it is a 502: nothing is sent twice.
 */
async function startProxy(ports: number[]) {
  const ready = new Set(ports);
  const look = async (port: number) => {
    const answer = await send(port, { path: "/readyz" }).catch(() => null);
    ready[answer?.status === 200 ? "add" : "delete"](port);
  };
  const watch = setInterval(() => ports.map(look), 200);
  let turn = 0;
  const next = () => {
    turn += 1;
    const all = [...ready];
    return connect(all[turn % all.length] ?? 0, "127.0.0.1");
  };
  const headersOf = ({ headers, socket }: IncomingMessage) => ({
    ...headers,
    "x-forwarded-for": [headers["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", "),
    "x-forwarded-proto": "https",
    "x-forwarded-host": headers.host,
  });
  const server = createServer((request, response) => {
    const { method, url: path } = request;
    const headers = { ...headersOf(request), connection: "close" };
    const passed = httpRequest({ method, path, headers, createConnection: next }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    request.pipe(passed);
  });
  server.on("upgrade", (request, client: Socket, head: Buffer) => {
    const socket = next();
    const lines = Object.entries(headersOf(request)).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${request.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
    socket.write(head);
    socket.pipe(client).pipe(socket);
    for (const [end, far] of [
      [socket, client],
      [client, socket],
    ] as const)
      end.on("error", () => {}).on("close", () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    isReady: (port: number) => expect.poll(() => ready.has(port), { timeout: LONG }).toBe(true),
    stop: () =>
      new Promise((resolve) => {
        clearInterval(watch);
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
