import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post, type RunningServer, send, startServer } from "../helpers/server";

const forwarded = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "tenfold.example" };
/** A form that everybody may send, whose answer sets a cookie. */
const signOut = (server: RunningServer, headers: Record<string, string>) =>
  post(server, "/accounts/logout", {}, headers);

describe("behind a trusted proxy", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ TRUST_PROXY: "1" });
  });
  afterAll(() => server.stop());

  it("cookies are Secure where the proxy was reached by https", async () => {
    expect(String((await signOut(server, forwarded)).headers["set-cookie"])).toContain("; Secure");
    expect(String((await signOut(server, {})).headers["set-cookie"])).not.toContain("Secure");
  });
  it("an Origin is held against the host that the proxy was asked for", async () => {
    expect((await signOut(server, { ...forwarded, Origin: "https://tenfold.example" })).status).toBe(303);
    expect((await signOut(server, { ...forwarded, Origin: "https://evil.example" })).status).toBe(403);
  });
  it.each([
    [{ "X-Forwarded-Host": "[" }],
    [{ "X-Forwarded-Host": "a:99999" }],
    [{ "X-Forwarded-Host": "a/b, c" }],
    [{ "X-Forwarded-Proto": "!" }],
    [{ "X-Forwarded-Proto": "javascript" }],
  ])("the malformed %j is a 400, not a fault", async (headers) => {
    expect((await send(server.port, { path: "/", headers: headers as Record<string, string> })).status).toBe(
      400,
    );
  });
  it("a connection is kept longer than the two minutes that Caddy keeps one, which may be sending just then", async () => {
    const headers = { Connection: "keep-alive" };
    const { headers: answered } = await send(server.port, { path: "/healthz", headers });
    expect(Number(/^timeout=(\d+)$/.exec(String(answered["keep-alive"]))?.[1])).toBeGreaterThan(120);
  });
  it("of several hosts the first counts", async () => {
    const headers = {
      "X-Forwarded-Host": "tenfold.example, inner.example",
      Origin: "http://tenfold.example",
    };
    expect((await signOut(server, headers)).status).toBe(303);
  });
});

describe("without a trusted proxy", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it("nobody's forwarded headers are believed", async () => {
    expect(String((await signOut(server, forwarded)).headers["set-cookie"])).not.toContain("Secure");
    expect((await signOut(server, { ...forwarded, Origin: "https://tenfold.example" })).status).toBe(403);
  });
});
