import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { ChatMessage } from "#models/chat-message.server";
import { Room } from "#models/room.server";
import { startRedis } from "../../helpers/redis-server";
import { type RunningServer, startServer } from "../../helpers/server";
import { address, connect, type SocketClient } from "../../helpers/socket";

const WRITERS = 10;
const READERS = 5;
/** Messages of each writer: 20 go at once, then 5 a second. */
const EACH = 120;
const KILLS = 3;

const isPostgres = process.env.DATABASE_URL!.startsWith("postgres");
const MANY = 1_000_000;

/** Processes on one database, two of them with a Redis where the database can be shared; half of all hints are lost. */
async function processes() {
  const redis = isPostgres && process.env.REDIS_SERVER ? await startRedis() : undefined;
  if (redis) onTestFinished(() => redis.stop());
  const env = {
    DATABASE_URL: process.env.DATABASE_URL!,
    TENFOLD_BUILD: new URL("lossy-build.js", import.meta.url).href,
    LOG_LEVEL: "silent",
    ...(redis && { REDIS_URL: redis.url }),
  };
  const start = async (PORT: string) => {
    const server = await startServer({ ...env, PORT });
    onTestFinished(() => server.stop());
    return server;
  };
  const all: RunningServer[] = [];
  for (let n = 0; n < (isPostgres ? 2 : 1); n++) all.push(await start("0"));
  return {
    /** The port of any of them. */
    port: () => all[Math.floor(Math.random() * all.length)]!.port,
    async kill(n: number) {
      const victim = all[n % all.length]!;
      victim.process.kill("SIGKILL");
      await victim.exited;
      await sleep(100);
      all[n % all.length] = await start(String(victim.port));
    },
  };
}

type Processes = Awaited<ReturnType<typeof processes>>;

/** Connects for as long as it takes. */
async function connected(
  servers: Processes,
  path: () => string,
  localAddress: string,
): Promise<SocketClient> {
  for (;;) {
    const client = await connect(servers.port(), path(), { localAddress, keep: true }).catch(() => null);
    if (client) return client;
    await sleep(50);
  }
}

/** Says everything, each thing until it is acknowledged. @returns what was acknowledged, by text. */
async function writer(servers: Processes, name: string, acknowledged: Map<string, number>) {
  const localAddress = address();
  const left = Array.from({ length: EACH }, (_, n) => ({ client_id: randomUUID(), text: `${name} ${n}` }));
  while (left.length > 0) {
    const client = await connected(servers, () => "/ws/chat/general?after=0", localAddress);
    const gone = client.closed.then(() => null);
    while (left.length > 0) {
      const [{ client_id, text }] = left as [(typeof left)[0]];
      const before = client.frames.length;
      client.send({ username: name, text, client_id });
      const answer = await Promise.race([
        client.got({ type: "ack", client_id }).catch(() => null),
        refusedSince(client, before, client_id),
        gone,
      ]);
      if (answer === null) break;
      if (answer.type === "ack") {
        acknowledged.set(text, answer.seq);
        left.shift();
      } else await sleep(answer.retry_after * 1_000);
    }
    client.socket.terminate();
  }
}

/** The refusal of a message that was sent when so many frames had come. */
async function refusedSince(client: SocketClient, before: number, client_id: string) {
  for (;;) {
    const frame = client.frames
      .slice(before)
      .find((one) => one.type === "error" && one.client_id === client_id);
    if (frame) return frame;
    if (client.socket.readyState !== client.socket.OPEN) return null;
    await sleep(20);
  }
}

/** Reads on and off until it has come to the last message. @returns all that it was sent, in its order. */
async function reader(servers: Processes, lastSeq: () => number | null) {
  const localAddress = address();
  const read: { seq: number; text: string }[] = [];
  for (;;) {
    const level = () => read.at(-1)?.seq ?? 0;
    const client = await connected(servers, () => `/ws/chat/general?after=${level()}`, localAddress);
    const until = Date.now() + 200 + Math.random() * 1_500;
    while (Date.now() < until && client.socket.readyState === client.socket.OPEN && level() !== lastSeq()) {
      for (const { type, seq, text } of client.frames.splice(0))
        if (type === "message") read.push({ seq, text });
      await sleep(10);
    }
    client.socket.terminate();
    if (level() === lastSeq()) return read;
  }
}

it("every reader has what was said, without a gap and nothing twice, and nothing that was acknowledged is lost, through kills, with half of the hints lost", async () => {
  await Room.create({ slug: "general", name: "General" });
  const servers = await processes();
  const acknowledged = new Map<string, number>();
  let lastSeq: number | null = null;
  const readers = Array.from({ length: READERS }, () => reader(servers, () => lastSeq));
  const writers = Array.from({ length: WRITERS }, (_, n) => writer(servers, `writer ${n}`, acknowledged));
  for (let n = 0; n < KILLS; n++) {
    const before = acknowledged.size;
    while (acknowledged.size < before + 20 && acknowledged.size < WRITERS * EACH) await sleep(20);
    await sleep(200 + Math.random() * 600);
    expect(acknowledged.size, "all was said before the last kill").toBeLessThan(WRITERS * EACH);
    await servers.kill(n);
  }
  await Promise.all(writers);
  const room = (await Room.find("general", null))!;
  lastSeq = room.lastSeq;

  const stored = (await ChatMessage.after(room.id, 0, MANY)).map(({ seq, text }) => ({ seq, text }));
  expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, n) => n + 1));
  expect(acknowledged.size).toBe(WRITERS * EACH);
  expect(new Map(stored.map(({ seq, text }) => [text, seq]))).toEqual(acknowledged);
  expect(stored).toHaveLength(WRITERS * EACH);
  for (const read of await Promise.all(readers)) expect(read).toEqual(stored);
}, 240_000);
