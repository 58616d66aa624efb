import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { form, type RunningServer, send, sendBytes, startServer } from "../helpers/server";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const ask = (options: Parameters<typeof send>[1]) => send(server.port, options);
const listed = async () => (await ask({ path: "/todos" })).body;
const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) => {
  const { headers: type, body } = form(fields);
  return ask({ method: "POST", path, headers: { ...type, ...headers }, body });
};

describe("every answer", () => {
  it("has the security headers", async () => {
    const { headers } = await ask({ path: "/" });
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "x-frame-options": "SAMEORIGIN",
    });
    expect(headers["x-powered-by"]).toBeUndefined();
  });
  it("has a request id of its own, which its log line names", async () => {
    const first = await ask({ path: "/todos?show=active" });
    const second = await ask({ path: "/todos" });
    expect(first.headers["x-request-id"]).not.toBe(second.headers["x-request-id"]);
    const lines = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(String(first.headers["x-request-id"])));
    await expect.poll(lines).toHaveLength(1);
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      method: "GET",
      path: "/todos",
      status: 200,
      msg: "request",
    });
  });
  it("sets no cookie before one is needed", async () => {
    for (const path of ["/", "/todos", "/nowhere"])
      expect((await ask({ path })).headers["set-cookie"]).toBeUndefined();
  });
  it("is compressed where the client takes it", async () => {
    const { headers } = await ask({ path: "/", headers: { "Accept-Encoding": "gzip" } });
    expect(headers["content-encoding"]).toBe("gzip");
  });
});

describe("the content security policy", () => {
  it("lets only scripts with the nonce of this answer run, and nothing inline in styles", async () => {
    const { headers, body } = await ask({ path: "/todos" });
    const policy = String(headers["content-security-policy"]);
    const [, nonce] = policy.match(/script-src 'self' 'nonce-([^']+)'/) ?? [];
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("style-src 'self'");
    const scripts = [...body.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts.length).toBeGreaterThan(2);
    for (const attributes of scripts) expect(attributes).toContain(`nonce="${nonce}"`);
    expect(body).not.toMatch(/ style=| on[a-z]+=/);
  });
  it("has another nonce every time, and pages are else the same bytes for everyone", async () => {
    const [first, second] = [await ask({ path: "/" }), await ask({ path: "/", headers: { Cookie: "a=b" } })];
    const nonce = /nonce="[^"]*"/g;
    expect(first.body).not.toBe(second.body);
    expect(first.body.replaceAll(nonce, "")).toBe(second.body.replaceAll(nonce, ""));
  });
});

describe("health", () => {
  it("/healthz says that the process is up, /readyz that the database answers", async () => {
    expect(await ask({ path: "/healthz" })).toMatchObject({ status: 200, body: "ok\n" });
    expect(await ask({ path: "/readyz" })).toMatchObject({ status: 200, body: "ok\n" });
  });
});

describe("a method that an address does not take", () => {
  it.each([
    ["PUT", "/todos", "GET, HEAD, POST"],
    ["DELETE", "/todos", "GET, HEAD, POST"],
    ["PATCH", "/todos", "GET, HEAD, POST"],
    ["OPTIONS", "/todos", "GET, HEAD, POST"],
    ["PROPFIND", "/todos", "GET, HEAD, POST"],
    ["TRACE", "/todos", "GET, HEAD, POST"],
    ["GET", "/todos/1/toggle", "POST"],
    ["HEAD", "/todos/1/toggle", "POST"],
    ["GET", "/todos/clear-completed", "POST"],
    ["POST", "/", "GET, HEAD"],
    ["POST", "/todos/trash", "GET, HEAD"],
  ])("%s %s is a 405 with Allow: %s", async (method, path, allow) => {
    const answer = await ask({ method, path });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  });
  it("is answered with a page, and with data where the browser asked for data", async () => {
    expect((await ask({ path: "/todos/1/toggle" })).body).toContain("This address cannot be used like that");
    const data = await ask({ path: "/todos/1/toggle.data" });
    expect([data.status, data.headers["content-type"]]).toEqual([405, "text/x-script; charset=utf-8"]);
  });
});

describe("an address", () => {
  it.each([
    "/nowhere",
    "/todos/abc/edit",
    "/todos/0/edit",
    "/todos/99999999999999999999/edit",
    "/todos/7/edit",
    "/constructor",
    "/__proto__",
  ])("%s is a 404 page that leads on", async (path) => {
    const { status, body } = await ask({ path });
    expect(status).toBe(404);
    expect(body).toContain("<title>Nothing is here · Tenfold</title>");
    expect(body).toContain('href="/"');
  });
  it.each(["/%E0%A4%A", "/todos/%ff/edit", "/%", "/todos?_data=root"])("%s is a 400", async (path) => {
    expect((await ask({ path })).status).toBe(400);
  });
  it.each([
    "//evil.test/",
    "/todos/",
    "/TODOS",
    "/todos?page=%",
    "/todos?show=%E0%A4%A",
    "/.%2e/",
    "/todos.data",
    "/_root.data",
    "/__manifest?p=/todos",
  ])("%s is no fault", async (path) => expect((await ask({ path })).status).toBeLessThan(500));
  it("that an earlier build's file had is a 404", async () => {
    expect((await ask({ path: "/assets/old-12345678.js" })).status).toBe(404);
  });
  it.each([
    "/.env",
    "/package.json",
    "/data/tenfold.sqlite",
    "/uploads/.gitkeep",
    "/assets/../../server.js",
    "/assets/%2e%2e/%2e%2e/server.js",
  ])("%s hands out no file", async (path) => expect((await ask({ path })).status).toBe(404));
  it("of a built file may be kept for ever", async () => {
    const [path] = (await listed()).match(/\/assets\/app-[^"]+\.css/) ?? [];
    const { status, headers } = await ask({ path });
    expect([status, headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
  });
});

describe("a malformed request", () => {
  it.each([
    ["a Host that is no host", "GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n"],
    ["an empty Host", "GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n"],
    ["a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n"],
    ["a Host with a bad port", "GET / HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n"],
    ["an absolute target", "GET http://evil.test/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["no Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
  ])("with %s is a 400", async (_, bytes) => {
    expect(await sendBytes(server.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });
  it("with a forwarded host that nobody vouches for is answered as without", async () => {
    expect((await ask({ path: "/", headers: { "X-Forwarded-Host": "x:[" } })).status).toBe(200);
  });
  it("with 20 kB of cookies is refused, not a fault", async () => {
    expect((await ask({ path: "/", headers: { Cookie: `flash=${"x".repeat(20_000)}` } })).status).toBe(431);
  });
});

describe("a form", () => {
  it("is stored, answered with 303, and shown on the page it leads to", async () => {
    const { status, headers } = await post("/todos", { title: "Over HTTP" });
    expect([status, headers.location]).toEqual([303, "/todos"]);
    expect(await listed()).toContain("Over HTTP");
  });
  it("with a blank title comes back with 422, an error title, a summary and the words at the field", async () => {
    const { status, body } = await post("/todos", { title: "  " });
    expect(status).toBe(422);
    expect(body).toContain("<title>Error: To-dos · Tenfold</title>");
    expect(body).toMatch(/<section class="problem"[^>]*autofocus/);
    expect(body).toContain('<a href="#title">Enter what needs doing</a>');
    expect(body).toMatch(/<textarea[^>]*aria-invalid="true"[^>]*aria-describedby="title-error"/);
    expect(body).toContain('id="title-error">Enter what needs doing');
  });
  it("keeps what was typed, as text", async () => {
    const { status, body } = await post("/todos", { title: `<script>alert(1)</script>${"x".repeat(200)}` });
    expect(status).toBe(422);
    expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(body).not.toContain("<script>alert(1)");
  });
  it("shows markup, quotes, RTL and emoji as text", async () => {
    await post("/todos", { title: `</script><b id=x>'"& שלום 🔑` });
    expect(await listed()).toContain("&lt;/script&gt;&lt;b id=x&gt;&#x27;&quot;&amp; שלום 🔑");
    expect((await listed()).match(/<\/script><b/)).toBeNull();
  });
  it("with a NUL is a 422", async () =>
    expect((await post("/todos", { title: "a\u0000" })).status).toBe(422));
  it.each([
    ["broken percent-encoding", { "Content-Type": "application/x-www-form-urlencoded" }, "title=%E0%A4%A"],
    ["a malformed multipart body", { "Content-Type": "multipart/form-data; boundary=x" }, "--x\r\nnonsense"],
    ["a body that is no form", { "Content-Type": "text/plain" }, "title=x"],
  ])("with %s is a 400 page", async (_, headers, body) => {
    const answer = await ask({
      method: "POST",
      path: "/todos",
      headers: headers as Record<string, string>,
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain("The request was damaged");
  });
  it("without a body is a 422 or a 400, not a fault", async () => {
    expect([400, 422]).toContain((await ask({ method: "POST", path: "/todos" })).status);
  });
  it.each([
    "/todos/abc/toggle",
    "/todos/0/delete",
    "/todos/99999999999999999999/restore",
    "/todos/4711/erase",
  ])("to %s is a 404 page", async (path) => {
    const { status, body } = await post(path);
    expect(status).toBe(404);
    expect(body).toContain("Nothing is here");
  });
});

describe("a form of 2 MB", () => {
  const large = `title=${"x".repeat(2_000_000)}`;
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  it("is a 413 page, and the next request is answered", async () => {
    const answer = await ask({ method: "POST", path: "/todos", headers: type, body: large });
    expect(answer.status).toBe(413);
    expect(answer.body).toContain("That is too large");
    expect((await ask({ path: "/healthz" })).status).toBe(200);
  });
  it("in chunks is a 413 alike", async () => {
    const headers = { ...type, "Transfer-Encoding": "chunked" };
    expect((await ask({ method: "POST", path: "/todos", headers, body: large })).status).toBe(413);
  });
  it("sent by script is a 413 with data", async () => {
    const answer = await ask({ method: "POST", path: "/todos.data", headers: type, body: large });
    expect([answer.status, answer.headers["content-type"]]).toEqual([413, "text/x-script; charset=utf-8"]);
  });
});

describe("a cross-site POST", () => {
  it.each([
    ["Sec-Fetch-Site: cross-site", { "Sec-Fetch-Site": "cross-site" }],
    ["Sec-Fetch-Site: same-site", { "Sec-Fetch-Site": "same-site" }],
    ["a foreign Origin", { Origin: "https://evil.test" }],
    ["the Origin null", { Origin: "null" }],
  ])("with %s is a 403 page and stores nothing, also as data", async (name, headers) => {
    const title = `Forged ${name}`;
    const answer = await post("/todos", { title }, headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("This request came from another site");
    expect((await post("/todos.data", { title }, headers as Record<string, string>)).status).toBe(403);
    expect(await listed()).not.toContain(title);
  });
  it("is told from our own behind a proxy that changes the host", async () => {
    const headers = { "Sec-Fetch-Site": "same-origin", Origin: "https://public.test" };
    expect((await post("/todos", { title: "From the public name" }, headers)).status).toBe(303);
  });
});
