import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addPeople,
  PASSWORD,
  post,
  type RunningServer,
  send,
  sessionCookie,
  setupPath,
  startServer,
  TEST_SECRET,
} from "../helpers/server";

const person = { username: "boss", email: "", password1: PASSWORD, password2: PASSWORD };

const login = (server: RunningServer, headers = {}) =>
  post(server, "/accounts/login", { username: "boss", password: PASSWORD }, headers);
const isSignedIn = async (server: RunningServer, cookie: string) =>
  (await send(server.port, { path: "/accounts", headers: { Cookie: cookie.split(";")[0]! } })).status === 200;

describe("the set-up link", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it("is another one where the session secret is another", async () => {
    const other = await startServer({ SESSION_SECRET: `another ${TEST_SECRET}` });
    expect(await setupPath(other)).not.toBe(await setupPath(server));
    await other.stop();
  });
  it("with another secret is a 404", async () => {
    const right = await setupPath(server);
    for (const path of ["/accounts/setup/x", `${right}x`, right.slice(0, -1)]) {
      expect((await send(server.port, { path })).status).toBe(404);
      expect((await post(server, path, person)).status).toBe(404);
    }
  });
  it.each([
    ["a name with a space", { username: "a b" }],
    ["two passwords that differ", { password2: "x" }],
    ["a common password", { password1: "password1", password2: "password1" }],
  ])("refuses %s with 422, and is good for another try", async (_, wrong) => {
    expect((await post(server, await setupPath(server), { ...person, ...wrong })).status).toBe(422);
  });
  it("says at once what is wrong with the name and with the password", async () => {
    const wrong = { username: "a b", password1: "password1", password2: "password1" };
    const { body } = await post(server, await setupPath(server), { ...person, ...wrong });
    expect(body).toMatch(/href="#username">[^<]+<.*href="#password1">[^<]*most common</);
    expect(body).not.toContain('value="password1"');
  });
  it("makes the first superuser, signs in, and is never good again", async () => {
    const path = await setupPath(server);
    const made = await post(server, path, person);
    expect([made.status, made.headers.location]).toEqual([303, "/"]);
    expect(await isSignedIn(server, sessionCookie(made))).toBe(true);
    expect((await send(server.port, { path })).status).toBe(404);
    expect((await post(server, path, { ...person, username: "second" })).status).toBe(404);
  });
  it("is not printed where there is a superuser", async () => {
    const again = await startServer({ DATABASE_URL: server.databaseUrl });
    await send(again.port, { path: "/" });
    expect(again.output()).not.toContain("setup");
    await again.stop();
  });
});

describe("the session cookie", () => {
  let server: RunningServer;
  let proxied: RunningServer;
  let published: RunningServer;
  beforeAll(async () => {
    server = await startServer();
    await addPeople(server, "boss");
    const DATABASE_URL = server.databaseUrl;
    [proxied, published] = await Promise.all([
      startServer({ DATABASE_URL, TRUST_PROXY: "1" }),
      startServer({ DATABASE_URL, PUBLIC_URL: "https://tenfold.example" }),
    ]);
  });
  afterAll(() => Promise.all([server, proxied, published].map((one) => one.stop())));

  it("over plain http, on localhost or in a LAN, is usable", async () => {
    const plain = sessionCookie(await login(server, { Host: "192.168.0.7:3000" }));
    expect(plain).toMatch(/^session=.*; HttpOnly; SameSite=Lax$/);
    expect(await isSignedIn(server, plain)).toBe(true);
  });
  it("has the prefix __Host- and Secure behind a trusted proxy that speaks https", async () => {
    const https = { "X-Forwarded-Proto": "https" };
    expect(sessionCookie(await login(proxied, https))).toMatch(
      /^__Host-session=.*; Path=\/; HttpOnly; Secure/,
    );
    expect(sessionCookie(await login(proxied))).toMatch(/^session=/);
  });
  it("does not believe a proxy that nobody trusts", async () => {
    expect(sessionCookie(await login(server, { "X-Forwarded-Proto": "https" }))).toMatch(/^session=/);
  });
  it("has both where PUBLIC_URL says https", async () => {
    const secure = sessionCookie(await login(published));
    expect(secure).toMatch(/^__Host-session=.*; Secure/);
    expect(await isSignedIn(published, secure)).toBe(true);
  });
  it("is verified by every secret of the list, and signed by the first: secrets rotate", async () => {
    const fresh = "zyxwvutsrqponmlkjihgfedcba9876543210";
    const DATABASE_URL = server.databaseUrl;
    const cookie = sessionCookie(await login(server));
    const [both, onlyFresh] = await Promise.all([
      startServer({ DATABASE_URL, SESSION_SECRET: `${fresh},${TEST_SECRET}` }),
      startServer({ DATABASE_URL, SESSION_SECRET: fresh }),
    ]);
    expect([await isSignedIn(both, cookie), await isSignedIn(onlyFresh, cookie)]).toEqual([true, false]);
    expect(await isSignedIn(onlyFresh, sessionCookie(await login(both)))).toBe(true);
    await Promise.all([both.stop(), onlyFresh.stop()]);
  });
  it("is known to every process on the same database, and so is its end", async () => {
    const cookie = sessionCookie(await login(server));
    const pair = cookie.split(";")[0]!;
    expect(await isSignedIn(proxied, cookie)).toBe(true);
    await post(server, "/accounts/logout", {}, { Cookie: pair });
    expect(await isSignedIn(proxied, cookie)).toBe(false);
  });
  it("of 10 kB is cleared, and the page comes", async () => {
    const answer = await send(server.port, {
      path: "/",
      headers: { Cookie: `session=${"x".repeat(10_000)}` },
    });
    expect([answer.status, sessionCookie(answer)]).toEqual([200, expect.stringContaining("Max-Age=0")]);
  });
});

describe("login", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
    await addPeople(server, "boss");
  });
  afterAll(() => server.stop());

  it("from another site is refused, and sets no cookie", async () => {
    for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }]) {
      const answer = await login(server, headers);
      expect([answer.status, sessionCookie(answer)]).toEqual([403, ""]);
    }
  });
  it("that is refused says nothing of why, and shows no password", async () => {
    const answer = await post(server, "/accounts/login", { username: "nobody<b>", password: "s3cret pass" });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain("nobody&lt;b&gt;");
    expect(answer.body).not.toContain("s3cret");
    expect(answer.body).toContain("<title>Error: Sign in · Tenfold</title>");
  });
  it("that has to wait is a 429 with Retry-After on a page that says when", async () => {
    const wrong = () => post(server, "/accounts/login", { username: "victim", password: "x" });
    for (let n = 0; n < 5; n += 1) await wrong();
    const answer = await wrong();
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "60"]);
    expect(answer.body).toMatch(/Wait 1 minute, until \d\d:\d\d UTC/);
  });
  it("leaves no trace on pages of who is anonymous: the same bytes for everybody, and no cookie", async () => {
    const [one, two] = await Promise.all([1, 2].map(() => send(server.port, { path: "/" })));
    const bare = (html: string) => html.replace(/nonce="[^"]*"/g, "");
    expect(bare(one!.body)).toBe(bare(two!.body));
    expect(one!.headers["set-cookie"]).toBeUndefined();
  });
});
