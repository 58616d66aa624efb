/**
 * WebSockets: what `AsyncWebsocketConsumer`, `AuthMiddlewareStack` and `AllowedHostsOriginValidator` of Django Channels
 * stand for. Who may connect is decided before the handshake; from then on one connection never holds up another.
 * Over 300 lines: the life of one connection, from its handshake to its end.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { matchPath } from "@remix-run/react";
import { type WebSocket, WebSocketServer } from "ws";
import type { CurrentUser } from "#models/current-user.server";
import { Session } from "#models/session.server";
import { singleton } from "#models/singleton.server";
import { config } from "./config.server";
import { rememberContext } from "./context.server";
import { isCrossSite } from "./gate.server";
import { log } from "./log.server";
import { leavePlace, takePlace, tellPlaces } from "./places.server";
import { getUser } from "./session.server";
import { networkOf } from "./throttle.server";

/** Bytes of a message that comes in. */
const MAX_PAYLOAD = 16_000;
/** Milliseconds between two pings; who has not answered the one before is gone. */
const PING = 30_000;
/** Milliseconds between two looks at who is still signed in, and between two words of how many are here. */
const LOOK = 2_000;
/** Sessions that one statement asks for. */
const AT_ONCE = 500;
/** Connections of one person, and of those without an account from one address, to all processes. */
const MOST = { person: 20, address: 200 };
/** Bytes that wait for a reader who is slow; with more it is full. */
const BUFFER = 64_000;
/** Milliseconds that a connection may take to close. */
const CLOSING = 2_000;

/** Status codes of RFC 6455, 7.4.1, and of its registry. */
const RESTART = 1012;
const POLICY = 1008;

/** What a feature answers at an address for sockets. */
export interface SocketEndpoint {
  /** As in a route: `/ws/chat/:room?`. */
  path: string;
  /**
   * Decides before the handshake. @returns what is done once it is made; null where there is nothing for this person,
   * which is the same answer as where there is nothing at all; a number for another status of HTTP.
   */
  open(request: Request, params: Record<string, string | undefined>): Promise<OnOpen | null | 400>;
}

type OnOpen = (connection: Connection) => Handlers;

export interface Handlers {
  /** Called with each text; null stands for what is binary. */
  message(text: string | null): void;
  close(): void;
}

/** One open socket. */
export interface Connection {
  /** Who is signed in; changes where they are renamed. */
  readonly user: Pick<CurrentUser, "id" | "name"> | null;
  /** The network that it comes from. */
  readonly network: string;
  readonly isOpen: boolean;
  /** So much waits for the reader that it is better not to send anything. */
  readonly isFull: boolean;
  send(message: unknown): void;
  /** Sends frames as `framed` has made them, one or several. */
  write(frames: Buffer): void;
  /** Resolves when the reader has taken what there was, or is gone. */
  drained(): Promise<void>;
  /** Ends it at once: the reader comes back. */
  drop(): void;
  /** Ends it for good: the reader is told not to come back. */
  refuse(reason: string): void;
}

interface Live extends Connection {
  socket: WebSocket;
  user: { id: number; name: string; sessionId: number } | null;
  /** It has answered the last ping. */
  answered: boolean;
}

/** An upgrade as server.ts hands it over. */
interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  /** As the person reaches it: scheme, host and address, with what a trusted proxy tells. */
  protocol: string;
  host: string;
  ip: string;
}

const state = singleton("sockets", () => ({
  server: new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  }),
  open: new Set<Live>(),
  timers: [] as NodeJS.Timeout[],
  stopping: false,
}));

/** A message as the frame that goes over the wire (RFC 6455, 5.2): made once, however many it is sent to. */
export function framed(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const { length } = text;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, text]);
}

/** Answers an upgrade: a handshake with one of these endpoints, or a refusal in the terms of HTTP. */
export async function upgrade(endpoints: SocketEndpoint[], asked: Upgrade) {
  const { request, socket, head } = asked;
  try {
    const found = await admitted(endpoints, asked);
    if (typeof found === "number") return refuseUpgrade(socket, found);
    const { who, most } = found;
    if (!(await takePlace(who, most))) return refuseUpgrade(socket, 429);
    // Who has left meanwhile does not tell so again.
    if (socket.destroyed) return leavePlace(who);
    socket.once("close", () => leavePlace(who));
    if (state.stopping) return refuseUpgrade(socket, 503);
    state.server.handleUpgrade(request, socket, head, (ws) => begin(ws, socket, found));
  } catch (error) {
    log().error({ err: error }, "unexpected error");
    refuseUpgrade(socket, 500);
  }
}

interface Admitted {
  path: string;
  user: CurrentUser | null;
  network: string;
  /** By whom the connections are counted, and how many there may be. */
  who: string;
  most: number;
  onOpen: OnOpen;
}

/** Who may connect, and to what; or the status of the refusal. */
async function admitted(endpoints: SocketEndpoint[], asked: Upgrade): Promise<Admitted | number> {
  const { headers, url = "/", method } = asked.request;
  if (method !== "GET" || headers.upgrade?.toLowerCase() !== "websocket") return 400;
  // Every browser sends `Origin` with a handshake; `Sec-Fetch-Site` they send to sites with https only.
  if (isCrossSite({ origin: headers.origin, host: asked.host })) return 403;
  const { pathname } = new URL(url, "http://localhost");
  for (const { path, open } of endpoints) {
    const match = matchPath(path, pathname);
    if (!match) continue;
    const fetched = requestOf(asked);
    const user = await getUser(fetched);
    if (config().REQUIRE_LOGIN && !user) return 401;
    const onOpen = await open(fetched, match.params);
    if (onOpen === null || onOpen === 400) return onOpen ?? 404;
    const network = networkOf(fetched);
    const counted = user
      ? { who: `person ${user.id}`, most: MOST.person }
      : { who: `address ${network}`, most: MOST.address };
    return { path: pathname, user, network, ...counted, onOpen };
  }
  return 404;
}

function requestOf({ request, protocol, host, ip }: Upgrade): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const asked = new Request(new URL(request.url ?? "/", `${protocol}://${host}`), { headers });
  rememberContext(asked, { ip });
  return asked;
}

const REASONS: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Refuses an upgrade in the terms of HTTP, and ends the connection whole: HTTP leaves it half open for who does not. */
export function refuseUpgrade(socket: Duplex, status: number) {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const text = `${REASONS[status]}\n`;
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
}

function begin(ws: WebSocket, socket: Duplex, { path, user, network, onOpen }: Admitted) {
  const start = performance.now();
  const live: Live = {
    socket: ws,
    user: user && { id: user.id, name: user.name, sessionId: user.sessionId },
    network,
    answered: true,
    get isOpen() {
      return ws.readyState === ws.OPEN;
    },
    get isFull() {
      return socket.writableLength > BUFFER;
    },
    send: (message) => live.write(framed(message)),
    // Nothing else is ever half-way through a frame: ws writes each of its own at once, too.
    write: (frames) => void (live.isOpen && socket.write(frames)),
    async drained() {
      if (!socket.writableNeedDrain || socket.destroyed) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          socket.off("drain", done).off("close", done);
          resolve();
        };
        socket.on("drain", done).on("close", done);
      });
    },
    drop: () => ws.terminate(),
    refuse: (reason) => close(live, POLICY, reason),
  };
  state.open.add(live);
  startTimers();
  const handlers = onOpen(live);
  ws.on("pong", () => {
    live.answered = true;
  });
  ws.on("message", (data, isBinary) => handlers.message(isBinary ? null : String(data)));
  // What breaks the protocol is closed by ws, with the code that says why.
  ws.on("error", () => {});
  ws.on("close", (code) => {
    state.open.delete(live);
    handlers.close();
    log().info({ path, code, ms: Math.round(performance.now() - start) }, "socket");
  });
}

/** Closes it in order, and else without: who does not answer is not waited for. */
function close({ socket }: Live, code: number, reason: string) {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSING).unref();
}

function startTimers() {
  if (state.timers.length > 0) return;
  const failed = (error: Error) => log().warn({ err: error }, "sockets: the database did not answer");
  let isLooking = false;
  state.timers.push(
    setInterval(pingAll, PING).unref(),
    setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      Promise.all([look(), tellPlaces()])
        .catch(failed)
        .finally(() => {
          isLooking = false;
        });
    }, LOOK).unref(),
  );
  Session.onEnd((ids) => {
    for (const live of state.open)
      if (live.user && ids.includes(live.user.sessionId)) live.refuse("signed out");
  });
}

function pingAll() {
  for (const live of state.open) {
    if (!live.answered) live.socket.terminate();
    live.answered = false;
    if (live.isOpen) live.socket.ping();
  }
}

/** Ends the connections of who is not signed in any more: other processes end sessions, too. */
async function look() {
  const ids = [...new Set([...state.open].flatMap(({ user }) => (user ? [user.sessionId] : [])))];
  const names = new Map<number, string>();
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    for (const [id, name] of await Session.namesOf(ids.slice(start, start + AT_ONCE))) names.set(id, name);
  }
  const asked = new Set(ids);
  for (const live of state.open) {
    if (!live.user || !asked.has(live.user.sessionId)) continue;
    const name = names.get(live.user.sessionId);
    if (name === undefined) live.refuse("signed out");
    else live.user.name = name;
  }
}

/** Ends every connection: the process is about to stop, and who was connected is to come back. */
export async function closeSockets() {
  state.stopping = true;
  for (const timer of state.timers.splice(0)) clearInterval(timer);
  for (const live of state.open) close(live, RESTART, "restart");
  const end = Date.now() + CLOSING + 500;
  while (state.open.size > 0 && Date.now() < end) await sleep(20);
  await tellPlaces();
}
