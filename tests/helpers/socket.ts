/** A client of WebSockets, for tests against a real server. */
import { onTestFinished } from "vitest";
import WebSocket, { type ClientOptions } from "ws";

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it waits for.
type Frame = any;

export interface SocketClient {
  socket: WebSocket;
  /** What has come so far. */
  frames: Frame[];
  /** The texts of those of the type `message`. */
  texts(): string[];
  /** Sends as it is, or as JSON. */
  send(data: unknown): void;
  /** Resolves with the first frame that is like that, come or to come; rejects where the connection ends before. */
  got(like: Record<string, unknown>): Promise<Frame>;
  closed: Promise<{ code: number; reason: string }>;
}

/** Opens a socket. @throws Error with the status where the handshake is refused. */
export async function connect(
  port: number,
  path: string,
  options: ClientOptions & { keep?: boolean } = {},
): Promise<SocketClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
    socket.on("unexpected-response", (_, { statusCode }) => reject(new Error(String(statusCode))));
  });
  socket.on("error", () => {});
  if (!options.keep) onTestFinished(() => socket.terminate());
  const isLike = (like: Record<string, unknown>) => (frame: Frame) =>
    Object.entries(like).every(([name, value]) => frame[name] === value);
  return {
    socket,
    frames,
    texts: () => frames.filter(({ type }) => type === "message").map(({ text }) => text),
    send: (data) =>
      socket.send(typeof data === "string" || data instanceof Uint8Array ? data : JSON.stringify(data)),
    got: (like) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const frame = frames.find(isLike(like));
          if (!frame) return;
          waiting.delete(look);
          resolve(frame);
        };
        waiting.add(look);
        look();
        closed.then(({ code }) =>
          reject(new Error(`Closed with ${code} before ${JSON.stringify(like)}; ${JSON.stringify(frames)}`)),
        );
      }),
    closed,
  };
}

/** The status that a handshake is refused with. */
export async function refusal(port: number, path: string, options: ClientOptions = {}): Promise<string> {
  return connect(port, path, options).then(
    () => "open",
    ({ message }: Error) => message,
  );
}

let last = 0;

/** An address of this machine that no test has used yet: each may send so much. */
export function address(): string {
  last += 1;
  return `127.${1 + (process.pid % 200)}.${Math.floor(last / 250)}.${1 + (last % 250)}`;
}
