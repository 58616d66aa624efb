import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { form, type RunningServer, send, sendBytes, startServer } from "../helpers/server";
import { filesUnder, multipart, noisy, plain } from "../helpers/uploads";

let server: RunningServer;
let picture: Buffer;
beforeAll(async () => {
  server = await startServer();
  picture = await plain(300, 200).jpeg().toBuffer();
});
afterAll(() => server.stop());

const uploads = (of = server) => filesUnder(of.uploads);
const withPicture = (bytes: Buffer, texts: Record<string, string> = { display_name: "Site" }) =>
  multipart([...Object.entries(texts), ["avatar", { bytes, filename: "me.jpg", type: "image/jpeg" }]]);
const upload = (bytes: Buffer, headers: Record<string, string> = {}, at = server) => {
  const { headers: type, body } = withPicture(bytes);
  return send(at.port, { method: "POST", path: "/profile", headers: { ...type, ...headers }, body });
};
const page = async () => (await send(server.port, { path: "/profile" })).body;
const avatar = async () => (await page()).match(/\/media\/avatars\/[\w.-]+/)?.[0] ?? "";

describe("a picture over HTTP", () => {
  it("is uploaded, answered with 303, and served under its own name", async () => {
    const { status, headers } = await upload(picture);
    expect([status, headers.location]).toEqual([303, "/profile"]);
    const file = await send(server.port, { path: await avatar(), headers: { "Accept-Encoding": "gzip" } });
    expect(file.status).toBe(200);
    expect(file.headers).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'self'"),
      "content-length": expect.stringMatching(/^\d+$/),
      etag: expect.stringMatching(/^"[0-9a-f-]+\.webp"$/),
    });
    expect(file.headers["set-cookie"]).toBeUndefined();
  });
  it("answers HEAD alike without the picture, and 304 to who has it", async () => {
    const path = await avatar();
    const head = await send(server.port, { method: "HEAD", path });
    expect([head.status, head.body]).toEqual([200, ""]);
    expect(Number(head.headers["content-length"])).toBeGreaterThan(0);
    const headers = { "If-None-Match": String(head.headers.etag) };
    expect(await send(server.port, { path, headers })).toMatchObject({ status: 304, body: "" });
    expect((await send(server.port, { method: "POST", path })).status).toBe(405);
  });
  it("leaves no file open, however it is asked for", async () => {
    const path = await avatar();
    const open = () => readdirSync(`/proc/${server.process.pid}/fd`).length;
    await send(server.port, { path });
    const before = open();
    for (let n = 0; n < 30; n++) await send(server.port, { method: "HEAD", path });
    for (let n = 0; n < 30; n++) {
      await new Promise<void>((done) => {
        const socket = connect(server.port, "127.0.0.1", () => {
          socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
          setTimeout(() => socket.destroy(), 5);
        });
        socket.on("close", () => done());
      });
    }
    await expect.poll(() => open()).toBeLessThan(before + 10);
  });
  it.each([
    "/media",
    "/media/avatars",
    "/media/avatars/",
    "/media/avatars/x",
    "/media/avatars/../../test.sqlite",
    "/media/avatars/..%2f..%2ftest.sqlite",
    "/media/avatars/%2e%2e/%2e%2e/test.sqlite",
    "/media/avatars/....//test.sqlite",
    "/media/avatars/.gitkeep",
    "/media/tmp/x",
    "/media/avatars/x%00.webp",
    "/uploads/avatars",
  ])("%s is a 404: there is no way out, and no list", async (path) => {
    expect((await send(server.port, { path })).status).toBe(404);
  });
});

describe("a picture of a private site", () => {
  it("asks for a login, and only the browser that has one may keep it", async () => {
    const site = await startServer({ REQUIRE_LOGIN: "true" });
    const { status } = spawnSync(process.execPath, ["build/manage.js", "createsuperuser", "--noinput"], {
      env: {
        ...process.env,
        DATABASE_URL: site.databaseUrl,
        TENFOLD_SUPERUSER_USERNAME: "ada",
        TENFOLD_SUPERUSER_PASSWORD: "correct horse 9",
      },
    });
    expect(status).toBe(0);
    const login = form({ username: "ada", password: "correct horse 9" });
    const { headers } = await send(site.port, { method: "POST", path: "/accounts/login", ...login });
    const Cookie = String(headers["set-cookie"]).split(";")[0]!;
    expect((await upload(picture, { Cookie }, site)).status).toBe(303);
    const { body } = await send(site.port, { path: "/profile", headers: { Cookie } });
    const [path] = body.match(/\/media\/avatars\/[\w.-]+/)!;
    const own = await send(site.port, { path, headers: { Cookie } });
    expect([own.status, own.headers["cache-control"]]).toEqual([200, "private, max-age=31536000, immutable"]);
    const other = await send(site.port, { path });
    expect([other.status, other.headers.location]).toEqual([
      302,
      `/accounts/login?${new URLSearchParams({ next: path })}`,
    ]);
    await site.stop();
  });
});

describe("a form with a file", () => {
  const large = Buffer.alloc(6_000_000, "x");
  const tooLarge = Buffer.alloc(31_000_000, "x");
  it.each([
    ["of a said length", {}],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("that is too large, %s, is told at its field; far too large it is a 413", async (_, headers) => {
    const before = uploads();
    const refused = await upload(large, headers);
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('id="avatar-error">The picture must be smaller than 5 MB');
    expect(refused.body).toMatch(/name="display_name"[^>]*value="Site"/);
    expect(refused.body).toContain("<title>Error: Profile · Tenfold</title>");
    const far = await upload(tooLarge, headers);
    expect(far.status).toBe(413);
    expect(far.body).toContain("That is too large");
    expect(uploads()).toEqual(before);
  });
  it("that is sent by script is answered with data", async () => {
    const { headers, body } = withPicture(large);
    const refused = await send(server.port, { method: "POST", path: "/profile.data", headers, body });
    expect([refused.status, refused.headers["content-type"]]).toEqual([422, "text/x-script; charset=utf-8"]);
  });
  it.each([
    ["without a boundary", { "Content-Type": "multipart/form-data" }, withPicture(Buffer.from("x")).body],
    [
      "that ends too early",
      withPicture(Buffer.from("x")).headers,
      withPicture(Buffer.alloc(100_000)).body.subarray(0, 50_000),
    ],
    ["that is empty", withPicture(Buffer.from("x")).headers, Buffer.alloc(0)],
  ])("%s is a 400 page, and the next is answered", async (_, headers, body) => {
    const answer = await send(server.port, { method: "POST", path: "/profile", headers, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain("The request was damaged");
    expect((await upload(picture)).status).toBe(303);
  });
});

describe("an upload whose client goes away", () => {
  it("half-way leaves neither row nor file, wherever it stops", async () => {
    const other = await startServer();
    const { headers, body } = withPicture(await noisy(1200, 900).jpeg().toBuffer());
    const head = `POST /profile HTTP/1.1\r\nHost: a\r\nContent-Type: ${headers["Content-Type"]}\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (const part of [0, 0.01, 0.3, 0.6, 0.9, 0.999]) {
      await new Promise<void>((done) => {
        const socket = connect(other.port, "127.0.0.1", () => {
          socket.write(head);
          socket.write(body.subarray(0, Math.floor(body.length * part)), () =>
            setTimeout(() => socket.destroy(), 30),
          );
        });
        socket.on("close", () => done());
      });
    }
    await expect.poll(() => uploads(other)).toEqual([]);
    await expect.poll(() => other.output().match(/"aborted":true/g)).toHaveLength(6);
    const { body: shown } = await send(other.port, { path: "/profile" });
    expect(shown).not.toContain("Last saved");
    expect(other.output()).not.toContain("unexpected error");
    await other.stop();
  });
  it("and comes back slowly holds nobody up", async () => {
    const { headers, body } = withPicture(picture);
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      `POST /profile HTTP/1.1\r\nHost: a\r\nContent-Type: ${headers["Content-Type"]}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, 300));
    expect((await upload(picture)).status).toBe(303);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.write(body.subarray(300));
    await expect.poll(() => answer).toContain("HTTP/1.1 303");
    socket.destroy();
  });
});

describe("a form with a file that is refused before it is read", () => {
  /** As a browser does: looks at the answer when all has been sent. */
  const sendThenRead = (port: number, bytes: Buffer) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.pause();
      socket.on("data", (chunk) => {
        answer += chunk;
        if (answer.includes("\r\n\r\n")) socket.destroy();
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
      socket.write(bytes, () => socket.resume());
    });
  const request = (path: string, method = "POST") => {
    const { headers, body } = withPicture(Buffer.alloc(20_000_000, "x"));
    const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${headers["Content-Type"]}\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  };

  it("because a private site asks for a login is answered once it is sent", async () => {
    const other = await startServer({ REQUIRE_LOGIN: "true" });
    const answer = await sendThenRead(other.port, request("/profile"));
    expect(answer).toContain("HTTP/1.1 303");
    expect(answer.toLowerCase()).toContain("location: /accounts/login?next=");
    await other.stop();
  });
  it("because its method is not taken is answered alike", async () => {
    expect(await sendThenRead(server.port, request("/profile", "PUT"))).toContain("HTTP/1.1 405");
  });
  it("does not keep its connection from the next request", async () => {
    const next = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const answers = await sendBytes(server.port, request("/profile", "PUT").toString("latin1") + next);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 405", "HTTP/1.1 200"]);
  });
});
