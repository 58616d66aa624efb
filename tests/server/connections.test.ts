import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listening, type RunningServer, send } from "../helpers/server";

let server: RunningServer;
beforeAll(async () => {
  const args = ["--import", "./tests/helpers/hasty.js", "build/server.js"];
  server = await listening(args, process.cwd(), { NODE_ENV: "production" });
});
afterAll(() => server.stop());

/** Opens a connection, and sends that. */
async function open(bytes: string): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}
describe("a connection is ended", () => {
  it.each([
    ["asks for nothing", ""],
    ["never comes to the end of its headers", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "],
  ])("where it %s", async (_, bytes) => {
    const socket = await open(bytes);
    socket.resume();
    await once(socket, "close");
    expect((await send(server.port, { path: "/healthz" })).status).toBe(200);
  });
});
