import { expect, it, onTestFinished } from "vitest";
import { connect as connectDatabase } from "#models/database.server";
import { residentMiB } from "../bench/measure";
import { LONG, type RunningServer, startServer } from "../helpers/server";
import { address, connect } from "../helpers/socket";
import { openSockets } from "../load/chat";

/** @returns how many MiB more than now the server has held at most. */
function watchMemory(server: RunningServer) {
  const before = residentMiB(server);
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMiB(server));
  }, 100);
  onTestFinished(() => clearInterval(watch));
  return () => peak - before;
}

/** Has all of it said at once, behind the server's back: within a second it looks. */
async function say(server: RunningServer, messages: number) {
  const database = connectDatabase(server.databaseUrl);
  await database.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${messages})
     INSERT INTO chat_messages (room_id, seq, sender, name, text, created_at)
     SELECT id, n, 'guest', 'guest', REPLACE(HEX(ZEROBLOB(1000)), '00', '🔑🔑'), '2026-01-31 12:00:00.000 +00:00'
     FROM chat_rooms, numbers WHERE slug = 'general'`,
  );
  await database.query(`UPDATE chat_rooms SET last_seq = ${messages} WHERE slug = 'general'`);
  await database.close();
}

it.each([
  // 80 MB for each: more than twice what the kernel holds for who does not read.
  { who: "who want a long history", isLive: false, slow: 5, messages: 10_000 },
  // 240 MB that they would have in common, however many they are.
  { who: "who are there while it is said", isLive: true, slow: 2, messages: 30_000 },
])(
  "for those $who and read nothing, nothing is read out of the database, until they read",
  async ({ isLive, slow: count, messages }) => {
    const server = await startServer({ LOG_LEVEL: "silent", RUN_JOBS: "false" });
    onTestFinished(() => server.stop());
    if (!isLive) await say(server, messages);
    const grown = watchMemory(server);
    const slow = await openSockets(server.port, count, isLive ? {} : { after: 0 });
    for (const { socket } of slow) socket.pause();
    onTestFinished(() => {
      for (const { socket } of slow) socket.removeAllListeners("close").destroy();
    });
    const [reader] = await openSockets(server.port, 1, isLive ? {} : { after: 0 });
    onTestFinished(() => void reader!.socket.removeAllListeners("close").destroy());
    if (isLive) await say(server, messages);
    // Who has said how far they are is told that they are level.
    const all = isLive ? messages : messages + 1;
    // Who reads has all of it: by now the others would have it waiting for them.
    await expect.poll(() => reader!.count, { timeout: 2 * LONG }).toBe(all);
    expect(grown(), "MiB more than before").toBeLessThan(200);
    for (const { socket } of slow) socket.resume();
    await expect
      .poll(() => slow.map(({ count }) => count), { timeout: 2 * LONG })
      .toEqual(slow.map(() => all));
  },
  6 * LONG,
);

const SOCKETS = 1_000;
const DEAF = 100;
/** Of 8 kB each: 300 MB in all for those who read nothing, of which the kernel may hold everything. */
const MESSAGES = 380;
const TEXT = "🔑".repeat(1_990);

it(
  "with 1,000 sockets of which 100 read nothing memory stays bounded, and those get everything once they read",
  async () => {
    const server = await startServer({ LOG_LEVEL: "silent", RUN_JOBS: "false" });
    onTestFinished(() => server.stop());
    const sockets = await openSockets(server.port, SOCKETS);
    onTestFinished(() => {
      for (const { socket } of sockets) socket.removeAllListeners("close").destroy();
    });
    const deaf = sockets.slice(0, DEAF);
    for (const { socket } of deaf) socket.pause();
    const grown = watchMemory(server);

    const writers = await Promise.all(
      Array.from({ length: MESSAGES / 20 }, () =>
        connect(server.port, "/ws/chat/general", { localAddress: address() }),
      ),
    );
    for (const [w, writer] of writers.entries()) {
      for (let n = 0; n < 20; n++) writer.send({ text: `${w} ${n} ${TEXT}` });
      await writer.got({ text: `${w} 19 ${TEXT}` });
    }
    const counts = (of: typeof sockets) => new Set(of.map(({ count }) => count));
    await expect.poll(() => counts(sockets.slice(DEAF)), { timeout: LONG }).toEqual(new Set([MESSAGES]));
    expect(grown(), "MiB more than before").toBeLessThan(100);
    for (const { socket } of deaf) socket.resume();
    await expect.poll(() => counts(deaf), { timeout: LONG }).toEqual(new Set([MESSAGES]));
  },
  3 * LONG,
);
