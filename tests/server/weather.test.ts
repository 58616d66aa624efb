import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stub, startStub } from "~/features/weather/stub.server";
import { describeWithRedis, startRedis } from "../helpers/redis-server";
import { post, type RunningServer, send, startServer } from "../helpers/server";

const now = () => new Date("2026-03-14T09:20:00Z");
/** The page without what is made for each answer: its nonce. */
const bare = (body: string) => body.replaceAll(/nonce="[^"]*"/g, "");
const cookieFrom = ({ headers }: { headers: Record<string, string | string[] | undefined> }) =>
  [headers["set-cookie"] ?? []].flat()[0]!.split(";")[0]!;

describe("the weather", () => {
  let stub: Stub;
  let server: RunningServer;
  beforeAll(async () => {
    stub = await startStub({ now });
    server = await startServer({ WEATHER_BASE_URL: stub.url });
  });
  afterAll(async () => {
    await server.stop();
    await stub.stop();
  });
  const visit = (city: string, headers: Record<string, string> = {}) =>
    send(server.port, { path: `/weather?city=${encodeURIComponent(city)}`, headers });

  it("of a city that 200 ask for at once is asked of the source once", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => visit("London")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(stub.asked).toEqual(["/London?format=j1"]);
  });
  it("is the same bytes for everybody who carries no cookie, and other bytes for who does", async () => {
    const [first, second] = [await visit("London"), await visit("London")];
    expect(bare(first.body)).toBe(bare(second.body));
    const paris = await visit("Paris", { Cookie: cookieFrom(first) });
    expect(paris.body).toContain('aria-label="Recent cities"');
    expect(first.body).not.toContain('aria-label="Recent cities"');
  });
  it("has not changed for a browser that has it", async () => {
    const first = await visit("London");
    expect(first.headers.etag).toBeUndefined();
    const Cookie = cookieFrom(first);
    const second = await visit("London", { Cookie });
    const third = await visit("London", { Cookie, "If-None-Match": String(second.headers.etag) });
    expect([second.status, third.status]).toEqual([200, 304]);
  });
  it("sets a cookie that scripts cannot read and other sites do not send", async () => {
    const { headers } = await visit("London");
    const cookies = [headers["set-cookie"] ?? []].flat();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^weather=[^;]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/);
  });
  it("forgets nothing for another site", async () => {
    expect((await post(server, "/weather", {}, { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
  });
  it("is no page for other verbs", async () => {
    const { status, headers } = await send(server.port, { method: "DELETE", path: "/weather" });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD, POST"]);
  });
  it.each([
    ["/weather?city=%00", 422],
    ["/weather?city=%ff%fe", 422],
    ["/weather?city=%2e%2e%2f", 422],
    ["/weather?city", 422],
    ["/weather?city=London&city=Paris", 200],
    ["/weather?city[]=London", 200],
    [`/weather?city=${"x".repeat(5_000)}`, 422],
    ["/weather?city=Nowhere", 404],
  ])("answers %s with %i", async (path, status) => {
    expect((await send(server.port, { path })).status).toBe(status);
  });
});

describe("a source that takes questions and never answers", () => {
  it("is waited for once: 503 for who asked first, and the next are told without another question", async () => {
    const stub = await startStub({ mood: "never" });
    const server = await startServer({ WEATHER_BASE_URL: stub.url });
    const visit = (city: string) => send(server.port, { path: `/weather?city=${city}` });
    const first = await Promise.all([visit("London"), visit("London")]);
    expect(first.map(({ status }) => status)).toEqual([503, 503]);
    for (const city of ["London", "Paris", "Rome"]) {
      const { status, headers, body } = await visit(city);
      expect([status, headers["retry-after"]]).toEqual([503, "30"]);
      expect(body).toContain("The source cannot be reached");
    }
    expect(stub.asked).toEqual(["/London?format=j1"]);
    await server.stop();
    await stub.stop();
  });
});

describeWithRedis("two processes with one Redis", () => {
  it("ask the source once for both, show one reading, and go on without Redis when it is gone", async () => {
    const stub = await startStub({ now });
    const redis = await startRedis();
    const env = { WEATHER_BASE_URL: stub.url, REDIS_URL: redis.url };
    const servers = await Promise.all([startServer(env), startServer(env)]);
    const [one, other] = servers as [RunningServer, RunningServer];
    const visit = ({ port }: RunningServer, city: string) => send(port, { path: `/weather?city=${city}` });
    const both = (city: string) =>
      Promise.all(Array.from({ length: 50 }, (_, n) => visit(n % 2 ? one : other, city)));
    const statuses = async (city: string) => new Set((await both(city)).map(({ status }) => status));

    expect(await statuses("London")).toEqual(new Set([200]));
    expect(stub.asked).toEqual(["/London?format=j1"]);
    expect(await statuses("Nowhere")).toEqual(new Set([404]));
    expect(stub.asked).toHaveLength(2);

    redis.freeze();
    expect(await statuses("London")).toEqual(new Set([200]));
    expect(await statuses("Paris")).toEqual(new Set([200]));
    redis.thaw();
    await redis.stop();
    expect(await statuses("Tokyo")).toEqual(new Set([200]));
    // Each for itself.
    expect(stub.asked.slice(2).toSorted()).toEqual([
      "/Paris?format=j1",
      "/Paris?format=j1",
      "/Tokyo?format=j1",
      "/Tokyo?format=j1",
    ]);
    for (const server of servers) {
      expect(server.output().match(/redis does not answer/g)).toHaveLength(1);
      server.process.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      await server.stop();
    }
    await stub.stop();
  });
  it("end while Redis is there, and while it is silent", async () => {
    const redis = await startRedis();
    const stub = await startStub();
    for (const freeze of [false, true]) {
      const server = await startServer({ REDIS_URL: redis.url, WEATHER_BASE_URL: stub.url });
      expect((await send(server.port, { path: "/weather?city=London" })).status).toBe(200);
      if (freeze) redis.freeze();
      server.process.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      await server.stop();
    }
    redis.thaw();
    await redis.stop();
    await stub.stop();
  });
});
