import { expect, it, onTestFinished } from "vitest";
import { residentMiB } from "../bench/measure";
import { LONG, startServer } from "../helpers/server";
import { address, connect } from "../helpers/socket";
import { openSockets } from "../load/chat";

const SOCKETS = 1_000;
const DEAF = 100;
/** Of 8 kB each: 300 MB in all for those who read nothing, less what the kernel holds for them. */
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
    const before = residentMiB(server);
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentMiB(server));
    }, 100);
    onTestFinished(() => clearInterval(watch));

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
    expect(peak - before, "MiB more than before").toBeLessThan(100);
    for (const { socket } of deaf) socket.resume();
    await expect.poll(() => counts(deaf), { timeout: LONG }).toEqual(new Set([MESSAGES]));
  },
  LONG,
);
