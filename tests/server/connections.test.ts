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

/** Opens a connection, and sends that. With `allowHalfOpen` it does not close when the other end has said its last. */
async function open(bytes: string, allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}
/** Resolves when a connection has closed, in order or not. */
const closed = (socket: Socket) => new Promise((done) => socket.on("close", done));
/** Sends a byte now and then until the connection closes. @returns all that came back. */
async function drip(socket: Socket): Promise<string> {
  const drops = setInterval(() => socket.write("x"), 50);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await closed(socket);
  clearInterval(drops);
  return answer;
}

describe("a connection is ended", () => {
  it.each([
    ["asks for nothing", ""],
    ["asks for nothing more", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["never comes to the end of its headers", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "],
  ])("where it %s", async (_, bytes) => {
    const socket = await open(bytes);
    socket.resume();
    await closed(socket);
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
  it.each([
    ["as malformed", "/%zz", 400],
    ["where there is none", "/nowhere", 404],
  ])("where its upgrade was refused %s, also by who leaves it half open", async (_, path, status) => {
    const upgrade = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    expect(await drip(await open(upgrade, true))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});
