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
/** Sends a byte now and then until the connection closes. @returns all that came back. */
async function drip(socket: Socket): Promise<string> {
  const drops = setInterval(() => socket.write("x"), 50);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  clearInterval(drops);
  return answer;
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
  it.each([
    ["before its body has come", "/nowhere", 405],
    ["as malformed", "/%zz", 400],
  ])("where it was answered %s, and the rest hardly comes", async (_, path, status) => {
    const answer = await drip(
      await open(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n`),
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});
