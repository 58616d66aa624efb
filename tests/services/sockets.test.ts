import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Session } from "#models/session.server";
import { closeSockets, type SocketEndpoint, upgrade } from "~/services/sockets.server";
import { signedIn } from "../helpers/people";
import { connect, refusal } from "../helpers/socket";

/** Says back what it is told, and of bytes that they are. */
const echo: SocketEndpoint = {
  path: "/ws/echo/:room?",
  async open(request, { room }) {
    if (room === "nowhere") return null;
    if (room === "malformed") return 400;
    if (room === "broken") throw new Error("a fault");
    const { search, searchParams } = new URL(request.url);
    return (connection) => {
      connection.send({
        type: "hello",
        name: connection.user?.name ?? null,
        query: search,
      });
      const length = searchParams.get("length");
      if (length) connection.send({ type: "long", text: "x".repeat(Number(length)) });
      return { message: (text) => connection.send({ type: "heard", text }), close: () => {} };
    };
  },
};

let server: Server;
let port: number;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const host = request.headers.host ?? "";
    void upgrade([echo], {
      request,
      socket,
      head,
      protocol: "http",
      host,
      ip: request.socket.remoteAddress ?? "",
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await closeSockets();
  vi.useRealTimers();
  server.close();
});

const PING = 30_000;

describe("an endpoint", () => {
  it("is told what was asked for, hears texts, and hears of bytes that they are none", async () => {
    const client = await connect(port, "/ws/echo/room?after=1");
    await client.got({ type: "hello", name: null, query: "?after=1" });
    client.send("a text");
    await client.got({ type: "heard", text: "a text" });
    client.send(Buffer.from("bytes"));
    await client.got({ type: "heard", text: null });
  });
  it("knows who is signed in", async () => {
    const { cookie } = await signedIn({ displayName: "Ada" });
    await (await connect(port, "/ws/echo", { headers: { Cookie: cookie } })).got({
      type: "hello",
      name: "Ada",
    });
  });
  it.each([
    ["/ws/echo/nowhere", "404"],
    ["/ws/other", "404"],
    ["/ws/echo/malformed", "400"],
    ["/ws/echo/broken", "500"],
  ])("%s answers with %s", async (path, status) => expect(await refusal(port, path)).toBe(status));
  it("does not answer another site's page", async () => {
    expect(await refusal(port, "/ws/echo", { headers: { Origin: "https://evil.test" } })).toBe("403");
  });
});

describe("a connection", () => {
  it("is pinged every 30 s, and lives as long as it answers", async () => {
    const client = await connect(port, "/ws/echo");
    for (let n = 0; n < 3; n++) {
      const ping = once(client.socket, "ping");
      vi.advanceTimersByTime(PING);
      await ping;
      client.send(`${n}`);
      await client.got({ type: "heard", text: `${n}` });
    }
  });
  it("that does not answer a ping is ended by the next", async () => {
    const client = await connect(port, "/ws/echo", { autoPong: false });
    const ping = once(client.socket, "ping");
    vi.advanceTimersByTime(PING);
    await ping;
    vi.advanceTimersByTime(PING);
    expect((await client.closed).code).toBe(1006);
  });
  it("of a session that has ended is closed, at once where this process ends it", async () => {
    const { user, cookie } = await signedIn();
    const client = await connect(port, "/ws/echo", { headers: { Cookie: cookie } });
    await Session.endAll(user.id);
    expect(await client.closed).toEqual({ code: 1008, reason: "signed out" });
  });
});

// The frame has a head of another form from 126 bytes on, and from 65,536 on; JSON and the type take 25 of them.
it.each([0, 99, 100, 101, 102, 65_509, 65_510, 65_511, 65_512, 100_000])(
  "a message with a text of %s characters is a frame that clients read",
  async (length) => {
    const client = await connect(port, `/ws/echo?length=${length}`);
    await client.got({ type: "long", text: "x".repeat(length) });
  },
);
