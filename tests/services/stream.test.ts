import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { writeReadableStreamToWritable } from "@remix-run/node";
import compression from "compression";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { paced, streamed } from "~/services/stream.server";

const PART = 64 * 1024;
const PARTS = 1_000;
const request = new Request("http://tenfold.test/");
let server: Server | undefined;
let client: Socket | undefined;
afterEach(() => {
  client?.destroy();
  server?.close();
});

/** What is sent, and how much of it was fetched: bytes that no compression makes smaller. */
function source(parts = PARTS) {
  const state = { fetched: 0, ended: false };
  async function* bytes() {
    try {
      for (; state.fetched < parts; state.fetched += 1) {
        yield crypto.getRandomValues(new Uint8Array(PART));
        await new Promise(setImmediate);
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, bytes: bytes() };
}

/** A server that sends like Remix does, and a client that reads a little and then no more. */
async function stalled(bytes: AsyncIterable<Uint8Array>, encoding: string) {
  const app = express();
  app.use(compression());
  app.get("/", async (_request, response) => {
    const body = streamed({ request, context: { takesMore: paced(response) } }, bytes);
    response.type("text/csv");
    await writeReadableStreamToWritable(body!, response);
  });
  server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server!.once("listening", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client = socket;
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once("data", () => resolve(void socket.pause())));
  return socket;
}

/** Resolves when nothing more is fetched. */
async function settled(state: { fetched: number }) {
  let last = -1;
  const isStill = () => {
    const before = last;
    last = state.fetched;
    return last === before;
  };
  await expect.poll(isStill, { interval: 250 }).toBe(true);
}

describe("an answer that comes bit by bit", () => {
  it.each(["identity", "gzip", "br"])(
    "is fetched no faster than the client takes it, as %s, and arrives whole",
    async (encoding) => {
      const { state, bytes } = source();
      const socket = await stalled(bytes, encoding);
      await settled(state);
      // The system itself holds some megabytes for a connection.
      expect(state.fetched).toBeLessThan(PARTS / 4);
      expect(state.ended).toBe(false);
      let length = 0;
      socket.on("data", (chunk) => {
        length += chunk.length;
      });
      await new Promise((resolve) => socket.resume().once("end", resolve));
      expect(state).toEqual({ fetched: PARTS, ended: true });
      expect(length).toBeGreaterThan(PARTS * PART * 0.9);
    },
  );
  it("is not fetched further when the client has left", async () => {
    const { state, bytes } = source();
    const socket = await stalled(bytes, "identity");
    await settled(state);
    socket.destroy();
    await expect.poll(() => state.ended).toBe(true);
    expect(state.fetched).toBeLessThan(PARTS / 4);
  });
  it("fetches nothing before it is read, and nothing at all for HEAD", async () => {
    const { state, bytes } = source(3);
    const body = streamed({ request, context: {} }, bytes)!;
    await new Promise(setImmediate);
    expect(state.fetched).toBe(0);
    expect((await new Response(body).arrayBuffer()).byteLength).toBe(3 * PART);
    const head = new Request("http://tenfold.test/", { method: "HEAD" });
    expect(streamed({ request: head, context: {} }, source().bytes)).toBeNull();
  });
  it("that fails on its way is broken off, not ended", async () => {
    async function* failing() {
      yield new Uint8Array(PART);
      throw new Error("the database is gone");
    }
    const body = streamed({ request, context: {} }, failing())!;
    await expect(new Response(body).arrayBuffer()).rejects.toThrow("the database is gone");
  });
});
