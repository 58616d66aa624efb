/**
 * How much a room of the chat carries. `npx tsx tests/load/chat.ts [--sockets 200] [--messages 200] [--seconds 10]`
 * starts a server of its own from build/ and says so many messages a second into a room with so many sockets.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type RunningServer, startServer } from "../helpers/server";

/** Milliseconds between two bursts of what is due. */
const TICK = 10;
/** Of so many sockets one looks at when what it gets was sent. */
const SAMPLED = 10;

interface LoadSocket {
  socket: Socket;
  /** Messages that have come. */
  count: number;
}

interface Options {
  /** The number of the last message that they have; by default they want what is said from now on. */
  after?: number;
  /** Called with what comes, of one socket in `SAMPLED`. */
  onText?: (text: string) => void;
}

/** Sockets that read frames by their length alone: what measures is not to be slower than what it measures. */
async function open(port: number, n: number, { after, onText }: Options): Promise<LoadSocket> {
  // An address each: what one address may send is bounded.
  const localAddress = `127.9.${Math.floor(n / 250)}.${1 + (n % 250)}`;
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  const key = randomBytes(16).toString("base64");
  socket.setNoDelay(true);
  socket.write(
    `GET /ws/chat/general${after === undefined ? "" : `?after=${after}`} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  const live: LoadSocket = { socket, count: 0 };
  let rest = Buffer.alloc(0);
  let isOpen = false;
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed")));
    socket.on("data", (chunk) => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (!isOpen) {
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!rest.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) return reject(new Error(String(rest)));
        isOpen = true;
        rest = rest.subarray(end + 4);
        resolve();
      }
      for (;;) {
        if (rest.length < 4) return;
        const short = rest[1]! & 127;
        const head = short === 126 ? 4 : 2;
        const length = short === 126 ? rest.readUInt16BE(2) : short;
        if (rest.length < head + length) return;
        if (rest[0] === 0x81) {
          live.count += 1;
          onText?.(rest.toString("utf8", head, head + length));
        }
        rest = rest.subarray(head + length);
      }
    });
  });
  return live;
}

/** A text as the frame of a client (RFC 6455, 5.3), under a mask of zeros. */
function masked(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head =
    bytes.length < 126 ? Buffer.from([0x81, 0x80 | bytes.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (bytes.length >= 126) head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, Buffer.alloc(4), bytes]);
}

/** Opens sockets to a room, a hundred at a time. */
export async function openSockets(port: number, count: number, { after, onText }: Options = {}) {
  const all: LoadSocket[] = [];
  for (let start = 0; start < count; start += 100) {
    const part = Array.from({ length: Math.min(100, count - start) }, (_, n) => start + n);
    const options = (n: number) => ({ after, onText: n % SAMPLED === 0 ? onText : undefined });
    all.push(...(await Promise.all(part.map((n) => open(port, n, options(n))))));
  }
  return all;
}

export interface Carried {
  /** Messages that were said, and the part of their deliveries that has arrived. */
  said: number;
  arrived: number;
  /** A second, from the first message to the last delivery. */
  deliveries: number;
  /** Milliseconds from sending to arriving, of every tenth socket. */
  p50: number;
  p99: number;
}

/** Says so many messages a second into a room with so many sockets, and waits until all have arrived. */
export async function load(
  { port }: RunningServer,
  { sockets: count, messages, seconds }: { sockets: number; messages: number; seconds: number },
): Promise<Carried> {
  const times: number[] = [];
  const onText = (text: string) => {
    const at = /"text":"at (\d+\.\d+) /.exec(text)?.[1];
    if (at) times.push(performance.now() - Number(at));
  };
  const sockets = await openSockets(port, count, { onText });
  const start = performance.now();
  let said = 0;
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const elapsed = Math.min(performance.now() - start, seconds * 1_000);
      for (; said < (elapsed / 1_000) * messages; said += 1) {
        const text = `at ${performance.now().toFixed(3)} what somebody says in a room, of a length that is usual`;
        sockets[said % count]!.socket.write(masked(JSON.stringify({ username: "Load", text })));
      }
      if (elapsed < seconds * 1_000) return;
      clearInterval(timer);
      done();
    }, TICK);
  });
  const arrived = () => sockets.reduce((sum, socket) => sum + socket.count, 0);
  const patience = performance.now() + 20_000;
  while (arrived() < said * count && performance.now() < patience)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const took = (performance.now() - start) / 1_000;
  for (const { socket } of sockets) socket.removeAllListeners("close").destroy();
  times.sort((a, b) => a - b);
  return {
    said,
    arrived: arrived() / (said * count),
    deliveries: arrived() / took,
    p50: times[Math.floor(times.length * 0.5)] ?? Number.NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
  };
}

/** What was carried, in a line. */
export const inWords = ({ said, arrived, deliveries, p50, p99 }: Carried) =>
  `${Math.round(deliveries).toLocaleString("en")} deliveries/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${(arrived * 100).toFixed(1)}% of ${said.toLocaleString("en")} messages arrived everywhere`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      sockets: { type: "string", default: "200" },
      messages: { type: "string", default: "200" },
      seconds: { type: "string", default: "10" },
    },
  });
  const server = await startServer({ LOG_LEVEL: "silent", RUN_JOBS: "false" });
  try {
    const [sockets, messages, seconds] = [values.sockets, values.messages, values.seconds].map(Number) as [
      number,
      number,
      number,
    ];
    console.log(
      `${sockets} sockets, ${messages} messages/s for ${seconds} s: ${inWords(await load(server, { sockets, messages, seconds }))}`,
    );
  } finally {
    await server.stop();
  }
}
