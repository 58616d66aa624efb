import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, form, post, type RunningServer, send, startServer } from "../helpers/server";

const PUBLIC_URL = "https://blog.example";
const FIELDS = {
  title: "Hello & <world>",
  slug: "",
  summary: "",
  content: "Some *text*",
  state: "published",
};
let server: RunningServer;
let boss: Record<string, string>;
const write = (fields: Record<string, string> = {}) =>
  post(server, "/posts/new", { ...FIELDS, ...fields }, boss);
const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  send(server.port, { method, path, headers });
async function rename(from: string, to: string) {
  const { body } = await get(`/posts/${from}/edit`, boss);
  const version = body.match(/name="version" value="(\d+)"/)![1]!;
  const answer = await post(server, `/posts/${from}/edit`, { ...FIELDS, slug: to, version }, boss);
  expect([answer.status, answer.headers.location]).toEqual([303, `/posts/${to}`]);
}
/** What the `meta` elements of Open Graph say. */
const graphOf = (body: string) =>
  Object.fromEntries(
    [...body.matchAll(/<meta property="([^"]*)" content="([^"]*)"/g)].map(([, property, content]) => [
      property,
      content,
    ]),
  );

beforeAll(async () => {
  server = await startServer({ PUBLIC_URL });
  boss = await addPeople(server, "boss");
  for (const slug of ["older", "hello", "newer"]) expect((await write({ slug })).status).toBe(303);
  expect((await write({ slug: "draft", state: "draft" })).status).toBe(303);
});
afterAll(() => server.stop());

describe("a post over HTTP", () => {
  it("tells search engines and whoever shares it its address, title and beginning", async () => {
    const { body } = await get("/posts/hello?utm_source=x");
    const url = `${PUBLIC_URL}/posts/hello`;
    expect(body).toContain(`<link rel="canonical" href="${url}"/>`);
    expect(body).toContain('<meta name="description" content="Some text"/>');
    expect(body).toMatch(/<link rel="alternate"[^>]* type="application\/atom\+xml"/);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(graphOf(body)).toEqual({
      "og:site_name": "Tenfold",
      "og:type": "article",
      "og:title": "Hello &amp; &lt;world&gt;",
      "og:description": "Some text",
      "og:url": url,
      "article:published_time": time,
      "article:modified_time": time,
      "article:author": "boss",
    });
  });
  it("links the one before and the one after", async () => {
    const { body } = await get("/posts/hello");
    const at = (rel: string) =>
      body
        .match(/<a [^>]*>/g)
        ?.find((tag) => tag.includes(`rel="${rel}"`))
        ?.match(/href="([^"]*)"/)?.[1];
    expect([at("prev"), at("next")]).toEqual(["/posts/older", "/posts/newer"]);
  });
  it.each(["/posts", "/posts/hello", "/posts/feed.xml", "/sitemap.xml"])(
    "%s is a 304 for who has it, and a HEAD has no body",
    async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body.length > 0]).toEqual([200, true]);
      const asked = { "If-None-Match": String(headers.etag) };
      expect(await get(path, asked)).toMatchObject({ status: 304, body: "" });
      expect(await get(path, {}, "HEAD")).toMatchObject({ status: 200, body: "" });
    },
  );
  it("that was renamed twice is one 301 away by each of its old slugs", async () => {
    await write({ slug: "one" });
    await rename("one", "two");
    await rename("two", "three");
    for (const old of ["one", "two"]) {
      const { status, headers } = await get(`/posts/${old}?a=b`);
      expect([status, headers.location, headers["cache-control"]]).toEqual([
        301,
        "/posts/three?a=b",
        "no-cache",
      ]);
    }
  });
  it.each(["does-not-exist", "Hello", "a_b", "a%00b", "..%2fa", "draft"])(
    "%s is a 404 for who may not see it",
    async (slug) => expect((await get(`/posts/${slug}`)).status).toBe(404),
  );
});

describe("writing over HTTP", () => {
  it.each([
    ["POST", "/posts", "GET, HEAD"],
    ["PUT", "/posts/new", "GET, HEAD, POST"],
    ["DELETE", "/posts/hello", "GET, HEAD"],
    ["DELETE", "/posts/hello/edit", "GET, HEAD, POST"],
    ["POST", "/posts/feed.xml", "GET, HEAD"],
    ["POST", "/sitemap.xml", "GET, HEAD"],
  ])("%s %s is a 405 with Allow: %s", async (method, path, allow) => {
    const { status, headers } = await get(path, boss, method);
    expect([status, headers.allow]).toEqual([405, allow]);
  });

  const bad = (fields: Record<string, string>) => form({ ...FIELDS, slug: "not-kept", ...fields });
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  it.each([
    ["a blank title", 422, bad({ title: " \t" })],
    ["a title of 201 characters", 422, bad({ title: "x".repeat(201) })],
    ["a slug that is taken", 422, bad({ slug: "hello" })],
    ["content of 100,001 characters", 422, bad({ content: "x".repeat(100_001) })],
    ["a NUL in the content", 422, bad({ content: "a\u0000b" })],
    ["2 MB", 413, bad({ content: "x".repeat(2_000_000) })],
    ["broken percent-encoding", 400, { headers: type, body: "title=%E0%A4%A" }],
    [
      "a page of another site behind it",
      403,
      { ...bad({}), headers: { ...type, "Sec-Fetch-Site": "cross-site" } },
    ],
  ])("a post with %s is a %i, and nothing is stored", async (_, expected, { headers, body }) => {
    const sitemap = async () => (await get("/sitemap.xml")).body;
    const before = await sitemap();
    const answer = await send(server.port, {
      method: "POST",
      path: "/posts/new",
      headers: { ...headers, ...boss },
      body,
    });
    expect([answer.status, await sitemap()]).toEqual([expected, before]);
  });
});
