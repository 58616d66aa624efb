import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, post, type RunningServer, send, sendBytes, startServer } from "../helpers/server";

let server: RunningServer;
/** Of the superuser, for addresses and forms that are not for everybody. */
let cookie: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  cookie = await addPeople(server, "boss");
});
afterAll(() => server.stop());

const ask = (options: Parameters<typeof send>[1]) => send(server.port, options);
const askSignedIn = (path: string) => ask({ path, headers: cookie });
const signIn = (username: string, headers: Record<string, string> = {}) =>
  post(server, "/accounts/login", { username, password: "x" }, headers);
/** Saves a name that every page then shows. */
const save = (display_name: string, headers: Record<string, string> = {}, path = "/accounts") =>
  post(server, path, { display_name, email: "" }, { ...cookie, ...headers });
const shown = async () => (await askSignedIn("/accounts")).body;

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
    const first = await ask({ path: "/accounts/login?next=/accounts" });
    const second = await ask({ path: "/accounts/login" });
    expect(first.headers["x-request-id"]).not.toBe(second.headers["x-request-id"]);
    const lines = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(String(first.headers["x-request-id"])));
    await expect.poll(lines).toHaveLength(1);
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      method: "GET",
      path: "/accounts/login",
      status: 200,
      msg: "request",
    });
  });
  it("sets no cookie before one is needed", async () => {
    for (const path of ["/", "/accounts/login", "/nowhere"])
      expect((await ask({ path })).headers["set-cookie"]).toBeUndefined();
  });
  it("is compressed where the client takes it", async () => {
    const { headers } = await ask({ path: "/", headers: { "Accept-Encoding": "gzip" } });
    expect(headers["content-encoding"]).toBe("gzip");
  });
});

describe("the content security policy", () => {
  it("lets only scripts with the nonce of this answer run, and nothing inline in styles", async () => {
    const { headers, body } = await ask({ path: "/accounts/login" });
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
    ["PUT", "/accounts/login", "GET, HEAD, POST"],
    ["DELETE", "/accounts/login", "GET, HEAD, POST"],
    ["PATCH", "/accounts/login", "GET, HEAD, POST"],
    ["OPTIONS", "/accounts/login", "GET, HEAD, POST"],
    ["PROPFIND", "/accounts/login", "GET, HEAD, POST"],
    ["TRACE", "/accounts/login", "GET, HEAD, POST"],
    ["GET", "/accounts/sessions/1/end", "POST"],
    ["HEAD", "/accounts/sessions/1/end", "POST"],
    ["GET", "/accounts/logout", "POST"],
    ["POST", "/", "GET, HEAD"],
    ["POST", "/accounts/sessions", "GET, HEAD"],
  ])("%s %s is a 405 with Allow: %s", async (method, path, allow) => {
    const answer = await ask({ method, path });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  });
  it.each(["/", "/accounts/sessions", "/accounts/sessions.data"])(
    "POST %s with a form of 500 kB is a 405 all the same, and no broken connection",
    async (path) => {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const large = { method: "POST", path, headers, body: `x=${"x".repeat(500_000)}` };
      const chunked = { ...large, headers: { ...headers, "Transfer-Encoding": "chunked" } };
      for (const options of [large, chunked]) expect((await ask(options)).status).toBe(405);
    },
  );
  it("is answered with a page, and with data where the browser asked for data", async () => {
    expect((await ask({ path: "/accounts/logout" })).body).toContain("This address cannot be used like that");
    const data = await ask({ path: "/accounts/logout.data" });
    expect([data.status, data.headers["content-type"]]).toEqual([405, "text/x-script; charset=utf-8"]);
  });
});

describe("an address", () => {
  it.each([
    "/nowhere",
    "/admin/accounts/user/abc/change",
    "/admin/accounts/user/0/change",
    "/admin/accounts/user/99999999999999999999/change",
    "/admin/accounts/user/4711/change",
    "/constructor",
    "/__proto__",
    "/line%0Abreak",
  ])("%s is a 404 page that leads on", async (path) => {
    const { status, body } = await askSignedIn(path);
    expect(status).toBe(404);
    expect(body).toContain("<title>Nothing is here · Tenfold</title>");
    expect(body).toContain('href="/"');
  });
  it("that no route matches, not even the one for all else, is no fault in the log", async () => {
    const { headers } = await askSignedIn("/line%0Abreak");
    const lines = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(String(headers["x-request-id"])))
        .map((line) => JSON.parse(line));
    await expect.poll(lines).toMatchObject([{ msg: "request", level: 30, status: 404 }]);
  });
  it.each([
    "/%E0%A4%A",
    "/admin/accounts/user/%ff/change",
    "/%",
    "/accounts/login?_data=root",
    "/accounts?_data",
    "/accounts?a=1&_d%61ta=",
  ])("%s is a 400", async (path) => expect((await askSignedIn(path)).status).toBe(400));
  it.each([
    ["a path of 31 segments", "/a".repeat(31)],
    ["a path of 7,000 segments", "/a".repeat(7_000)],
    ["a path of 7,000 slashes", `/a${"/".repeat(7_000)}b`],
    ["a path of 2,001 characters", `/${"a".repeat(2_000)}`],
    ["the routes of a path of 3,000 segments", `/__manifest?p=${"/a".repeat(3_000)}`],
    ["the routes of 251 paths", `/__manifest?${"p=/a&".repeat(251)}`],
  ])("%s is a 400", async (_, path) => expect((await ask({ path })).status).toBe(400));
  it.each([
    ["a path of 30 segments", "/a".repeat(30), 404],
    ["the routes of 250 paths", `/__manifest?version=x&${"p=/a&".repeat(250)}`, 204],
  ])("%s is looked at", async (_, path, status) => expect((await ask({ path })).status).toBe(status));
  it.each(["/accounts", "/accounts.data", "/_root.data", "/nowhere.data"])(
    "%s is kept by nobody for another person",
    async (path) => expect((await askSignedIn(path)).headers["cache-control"]).toMatch(/^private\b/),
  );
  it.each([
    "//evil.test/",
    "/accounts/login/",
    "/ACCOUNTS/LOGIN",
    "/admin/accounts/user?page=%",
    "/admin/accounts/user?is_staff=%E0%A4%A",
    "/.%2e/",
    "/accounts/login.data",
    "/_root.data",
    "/__manifest?p=/accounts/login",
  ])("%s is no fault", async (path) => expect((await askSignedIn(path)).status).toBeLessThan(500));
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
  it("that a page names leads to a file: its icon, its symbols, its styles, its scripts", async () => {
    const { body } = await ask({ path: "/" });
    const named = [...body.matchAll(/(?:href|src)="(\/[^"#]+\.\w+)/g)].map(([, path]) => path!);
    expect(named).toEqual(expect.arrayContaining(["/favicon.svg", "/icons.svg"]));
    for (const path of new Set(named)) expect([path, (await ask({ path })).status]).toEqual([path, 200]);
  });
  it("of a built file may be kept for ever", async () => {
    const [path] = (await ask({ path: "/" })).body.match(/\/assets\/app-[^"]+\.css/) ?? [];
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
    const { status, headers } = await save("Over HTTP");
    expect([status, headers.location]).toEqual([303, "/accounts"]);
    expect(await shown()).toContain("Over HTTP");
  });
  it("with a blank field comes back with 422, an error title, a summary and the words at the field", async () => {
    const { status, body } = await signIn("  ");
    expect(status).toBe(422);
    expect(body).toContain("<title>Error: Sign in · Tenfold</title>");
    expect(body).toMatch(/<section class="problem"[^>]*autofocus/);
    expect(body).toContain('<a href="#username">Enter your username</a>');
    expect(body).toMatch(/<input[^>]*aria-invalid="true"[^>]*aria-describedby="username-error"/);
    expect(body).toContain('id="username-error">Enter your username');
  });
  it("keeps what was typed, as text", async () => {
    const { status, body } = await signIn(`<script>alert(1)</script>${"x".repeat(200)}`);
    expect(status).toBe(422);
    expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(body).not.toContain("<script>alert(1)");
  });
  it("shows markup, quotes, RTL and emoji as text", async () => {
    await save(`</script><b id=x>'"& שלום 🔑`);
    expect(await shown()).toContain("&lt;/script&gt;&lt;b id=x&gt;&#x27;&quot;&amp; שלום 🔑");
    expect((await shown()).match(/<\/script><b/)).toBeNull();
  });
  it("with a NUL is a 422", async () => expect((await save("a\u0000")).status).toBe(422));
  it.each([
    ["broken percent-encoding", { "Content-Type": "application/x-www-form-urlencoded" }, "username=%E0%A4%A"],
    ["a malformed multipart body", { "Content-Type": "multipart/form-data; boundary=x" }, "--x\r\nnonsense"],
    ["a body that is no form", { "Content-Type": "text/plain" }, "username=x"],
  ])("with %s is a 400 page", async (_, headers, body) => {
    const answer = await ask({
      method: "POST",
      path: "/accounts/login",
      headers: headers as Record<string, string>,
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain("The request was damaged");
  });
  it("without a body is a 422 or a 400, not a fault", async () => {
    expect([400, 422]).toContain((await ask({ method: "POST", path: "/accounts/login" })).status);
  });
  it.each([
    "/accounts/sessions/abc/end",
    "/accounts/sessions/0/end",
    "/accounts/sessions/99999999999999999999/end",
    "/accounts/sessions/4711/end",
  ])("to %s is a 404 page", async (path) => {
    const { status, body } = await post(server, path, {}, cookie);
    expect(status).toBe(404);
    expect(body).toContain("Nothing is here");
  });
});

describe("a form of 2 MB", () => {
  const large = `username=${"x".repeat(2_000_000)}`;
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  it("is a 413 page, and the next request is answered", async () => {
    const answer = await ask({ method: "POST", path: "/accounts/login", headers: type, body: large });
    expect(answer.status).toBe(413);
    expect(answer.body).toContain("That is too large");
    expect((await ask({ path: "/healthz" })).status).toBe(200);
  });
  it("in chunks is a 413 alike", async () => {
    const headers = { ...type, "Transfer-Encoding": "chunked" };
    expect((await ask({ method: "POST", path: "/accounts/login", headers, body: large })).status).toBe(413);
  });
  it("sent by script is a 413 with data", async () => {
    const answer = await ask({ method: "POST", path: "/accounts/login.data", headers: type, body: large });
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
    const forged = `Forged ${name}`;
    const answer = await save(forged, headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("This request came from another site");
    expect((await save(forged, headers as Record<string, string>, "/accounts.data")).status).toBe(403);
    expect(await shown()).not.toContain(forged);
  });
  it("is told from our own behind a proxy that changes the host", async () => {
    const headers = { "Sec-Fetch-Site": "same-origin", Origin: "https://public.test" };
    expect((await save("From the public name", headers)).status).toBe(303);
  });
});
