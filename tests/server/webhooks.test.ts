import { execFile } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { connect } from "node:net";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, post, type RunningServer, send, sendBytes, startServer } from "../helpers/server";

const SECRET = "change-me";
let server: RunningServer;
let cookie: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ WEBHOOK_SECRET: SECRET, REQUIRE_LOGIN: "true" });
  cookie = await addPeople(server, "boss");
});
afterAll(() => server.stop());

const hmac = (body: string | Buffer) => createHmac("sha256", SECRET).update(body).digest("hex");
const signed = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  "Content-Type": "application/json",
  "X-Signature": hmac(body),
  "X-Timestamp": String(Math.floor(Date.now() / 1000)),
  "X-Event-Id": randomUUID(),
  ...headers,
});
const deliver = (body: string | Buffer = '{"event":"push"}', headers = {}, path = "/webhooks/github/") =>
  send(server.port, { method: "POST", path, headers: signed(body, headers), body });
const asStaff = (path: string) => send(server.port, { path, headers: cookie });
/** The events that the inbox lists, as lines of CSV without their head. */
const listed = async (query = "") =>
  (await asStaff(`/webhooks/events/export.csv${query}`)).body.trim().split("\r\n").slice(1);
const isUnharmed = async () => {
  expect((await deliver()).body).toBe("ok");
  expect(server.output()).not.toContain("unexpected error");
};

describe("the receiver", () => {
  it.each(["/webhooks/github/", "/webhooks/github"])(
    "is at %s, asks nobody for a login, and answers in plain text, also on a private site",
    async (path) => {
      const { status, body, headers } = await deliver(undefined, {}, path);
      expect([status, body, headers["content-type"]]).toEqual([200, "ok", "text/plain; charset=utf-8"]);
    },
  );
  it("takes what another site's page or server sends: the signature counts, not the origin", async () => {
    const foreign = { Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" };
    expect((await deliver(undefined, foreign)).body).toBe("ok");
    expect((await deliver(undefined, { ...foreign, "X-Signature": hmac("x") })).body).toBe(
      "invalid signature",
    );
  });
  it.each(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])(
    "answers %s with 405 and Allow: POST",
    async (method) => {
      for (const path of ["/webhooks/github", "/webhooks/github/"]) {
        const { status, headers } = await send(server.port, { method, path, headers: cookie });
        expect([status, headers.allow]).toEqual([405, "POST"]);
      }
    },
  );
  it("answers as the tutorial says, one case after the other", async () => {
    const body = '{"event": "push", "repo": "my-project"}';
    const id = { "X-Event-Id": "evt-001" };
    const answer = async (headers = {}) => {
      const { status, body: text } = await deliver(body, { ...id, ...headers });
      return `${status} ${text}`;
    };
    expect(await answer({ "X-Signature": hmac("x") })).toBe("401 invalid signature");
    const old = String(Math.floor(Date.now() / 1000) - 400);
    expect(await answer({ "X-Timestamp": old })).toBe("400 timestamp too old");
    expect(await answer()).toBe("200 ok");
    expect(await answer()).toBe("409 duplicate event");
    expect(await listed("?q=evt-001")).toHaveLength(3);
  });
  it("keeps the address that an event came from, and its headers", async () => {
    await deliver(undefined, { "X-Event-Id": "from-here", "X-Custom": "yes" });
    const [line = ""] = await listed("?q=from-here");
    const { body } = await asStaff(`/webhooks/events/${line.split(",")[0]}`);
    expect(body).toContain("127.0.0.1");
    expect(body).toContain("x-custom");
  });
});

describe("a path", () => {
  it.each([
    "/webhooks/../x",
    "/webhooks/%2e%2e%2fx",
    `/webhooks/${"x".repeat(300)}`,
    "/webhooks/%00",
    "/webhooks/a%20b",
  ])("%.40s is a 404 and no fault of ours", async (path) => {
    const { status } = await deliver(undefined, {}, path);
    expect([302, 404, 405]).toContain(status);
    await isUnharmed();
  });
});

describe("a header", () => {
  const raw = (headers: string, body = "{}") =>
    sendBytes(
      server.port,
      `POST /webhooks/github HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
  const now = () => `X-Timestamp: ${Math.floor(Date.now() / 1000)}\r\n`;
  it("that is sent twice is no signature, though both are right", async () => {
    const signature = `X-Signature: ${hmac("{}")}\r\n`;
    expect(await raw(signature + now())).toContain("200 OK");
    expect(await raw(signature + signature + now())).toContain("401 Unauthorized");
  });
  it("with NUL in it is a 400 before anybody reads it", async () => {
    expect(await raw(`X-Signature: ${hmac("{}")}\r\n${now()}X-Event-Id: a\0b\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    await isUnharmed();
  });
  it("of 10 kB is a 400, of 20 kB a 431", async () => {
    expect((await deliver(undefined, { "X-Event-Id": "x".repeat(10_000) })).body).toBe("invalid event id");
    expect((await deliver(undefined, { "X-Event-Id": "x".repeat(20_000) })).status).toBe(431);
    await isUnharmed();
  });
});

describe("a body", () => {
  const sized = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;
  it("of a million bytes is taken, one byte more is a 413, and of neither kind more than that is kept", async () => {
    expect((await deliver(sized(1_000_000))).status).toBe(200);
    const { status, body } = await deliver(sized(1_000_001), { "X-Event-Id": "too-large" });
    expect([status, body]).toEqual([413, "Content Too Large\n"]);
    expect(await listed("?q=too-large")).toEqual([]);
    await isUnharmed();
  });
  const chunked = (bytes: number) => {
    const body = sized(bytes);
    return deliver(body, { "Transfer-Encoding": "chunked", "X-Event-Id": `chunked-${bytes}` });
  };
  it("in chunks without a length is held to the same limit", async () => {
    expect((await chunked(1_000_000)).status).toBe(200);
    expect((await chunked(1_000_001)).status).toBe(413);
    expect(await listed("?q=chunked-1000001")).toEqual([]);
    await isUnharmed();
  });
  it("that goes on without end is cut off", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST /webhooks/github HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    let written = 0;
    const flood = () => {
      while (!socket.destroyed && socket.write(chunk)) written += 65_536;
    };
    socket.on("drain", flood);
    flood();
    await new Promise((closed) => socket.on("close", closed));
    expect(written).toBeLessThan(100_000_000);
    await isUnharmed();
  });
  it("that stops half-way is not stored, and leaves nothing behind", async () => {
    const before = (await listed()).length;
    for (const headers of [
      "Content-Length: 1000\r\n\r\nhalf",
      "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ]) {
      const socket = connect(server.port, "127.0.0.1");
      socket.write(`POST /webhooks/github HTTP/1.1\r\nHost: a\r\nX-Signature: ${hmac("half")}\r\n${headers}`);
      await new Promise((go) => setTimeout(go, 100));
      socket.destroy();
    }
    await server.said(/"path":"\/webhooks\/github","status":\d+,"ms":[\d.]+,"aborted":true/);
    expect((await listed()).length).toBe(before);
    await isUnharmed();
  });
  it.each([
    ["gzip", gzipSync('{"event":"push"}'), { "Content-Encoding": "gzip" }],
    ["no UTF-8", Buffer.from([0xff, 0x00, 0xfe]), {}],
    ["empty", Buffer.alloc(0), {}],
    ["a form", Buffer.from("a=1"), { "Content-Type": "application/x-www-form-urlencoded" }],
    ["multipart that is none", Buffer.from("x"), { "Content-Type": "multipart/form-data" }],
    ["JSON nested 100,000 deep", Buffer.from("[".repeat(100_000) + "]".repeat(100_000)), {}],
  ])(
    "that is %s is taken as it is, whatever its type says, and its page opens",
    async (name, body, headers) => {
      const id = `kind-${name.replaceAll(/\W/g, "-")}`;
      expect((await deliver(body, { ...headers, "X-Event-Id": id })).status).toBe(200);
      const [line = ""] = await listed(`?q=${id}`);
      expect((await asStaff(`/webhooks/events/${line.split(",")[0]}`)).status).toBe(200);
      await isUnharmed();
    },
  );
});

describe("fifty copies at once", () => {
  it("over as many connections are stored once: one is ok, the others are duplicates", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => deliver(undefined, { "X-Event-Id": "fifty" })),
    );
    expect(answers.filter(({ body }) => body === "ok")).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body === "duplicate event")).toHaveLength(
      49,
    );
    expect(await listed("?q=fifty")).toHaveLength(1);
  });
});

describe("the page of the inbox", () => {
  it("prints a command that works in a shell as it stands", async () => {
    const { body } = await asStaff("/webhooks");
    const [, printed = ""] = body.match(/<pre[^>]*>(curl [\s\S]*?)<\/pre>/) ?? [];
    const command = printed.replaceAll("&#x27;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    const { stdout } = await promisify(execFile)("sh", ["-c", `${command.replace("curl -i", "curl -si")}`]);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(stdout).toMatch(/\r\n\r\nok$/);
  });
  it("takes the test event of its form, and the form is refused from another site", async () => {
    const fields = { provider: "tenfold", signature: "right", body: '{"event":"tried"}' };
    const answer = await post(server, "/webhooks?index", fields, cookie);
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\/webhooks\/events\/\d+$/),
    ]);
    const foreign = await post(server, "/webhooks?index", fields, {
      ...cookie,
      "Sec-Fetch-Site": "cross-site",
    });
    expect(foreign.status).toBe(403);
  });
  it("asks who is not signed in for a login", async () => {
    expect((await send(server.port, { path: "/webhooks" })).headers.location).toBe(
      "/accounts/login?next=%2Fwebhooks",
    );
  });
});

it("a refusal for lack of a secret is a 401 for the sender, and no start was refused for it", async () => {
  const other = await startServer();
  const { status, body } = await send(other.port, {
    method: "POST",
    path: "/webhooks/github",
    headers: signed("{}"),
    body: "{}",
  });
  expect([status, body]).toEqual([401, "invalid signature"]);
  await other.stop();
});
