import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, post, type RawAnswer, type RunningServer, send, startServer } from "../helpers/server";
import { multipart, plain } from "../helpers/uploads";

const SITE = "https://blog.test";
const SUMMARY = `Fish & "chips" <b>`;

let server: RunningServer;
let boss: { Cookie: string };
let picture: string;
beforeAll(async () => {
  server = await startServer({ PUBLIC_URL: SITE });
  boss = await addPeople(server, "boss");
  const { headers, body } = multipart([
    ["title", "Hello & <world>"],
    ["slug", "hello-world"],
    ["summary", SUMMARY],
    ["content", "Some *text* and [a link](/posts)"],
    ["state", "published"],
    ["picture_description", "A cat"],
    ["picture", { bytes: await plain(320, 180).png().toBuffer(), filename: "cat.png" }],
  ]);
  const written = await send(server.port, {
    method: "POST",
    path: "/posts/new",
    headers: { ...headers, ...boss },
    body,
  });
  expect([written.status, written.headers.location]).toEqual([303, "/posts/hello-world"]);
  picture = (await get("/posts/hello-world")).body.match(/\/media\/posts\/[\w-]+\.webp/)![0];
  const fields = { title: "Second", content: "x", state: "published" };
  expect((await post(server, "/posts/new", fields, boss)).status).toBe(303);
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) => send(server.port, { path, headers });
/** What the head of a page tells machines: its `meta` and `link` elements, by name. */
function head({ body }: RawAnswer) {
  const attributes = (tag: string) =>
    Object.fromEntries(
      [...tag.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value!
          .replaceAll("&lt;", "<")
          .replaceAll("&gt;", ">")
          .replaceAll("&quot;", '"')
          .replaceAll("&amp;", "&"),
      ]),
    );
  const tags = [...body.matchAll(/<(?:meta|link) [^>]*>/g)].map(([tag]) => attributes(tag));
  return {
    meta: (name: string) =>
      tags.filter((tag) => (tag.property ?? tag.name) === name).map(({ content }) => content),
    links: (rel: string) => tags.filter((tag) => tag.rel === rel).map(({ href }) => href),
  };
}

describe("the page of a post", () => {
  it("tells others what it is, once each, by whole addresses", async () => {
    const { meta, links } = head(await get("/posts/hello-world?utm_source=x"));
    expect(links("canonical")).toEqual([`${SITE}/posts/hello-world`]);
    expect(links("alternate")).toEqual(["/posts/feed.xml"]);
    expect(meta("description")).toEqual([SUMMARY]);
    expect(meta("og:title")).toEqual(["Hello & <world>"]);
    expect(meta("og:description")).toEqual([SUMMARY]);
    expect(meta("og:type")).toEqual(["article"]);
    expect(meta("og:url")).toEqual([`${SITE}/posts/hello-world`]);
    expect(meta("og:image")).toEqual([SITE + picture]);
    expect(meta("og:site_name")).toEqual(["Tenfold"]);
    expect(meta("article:author")).toEqual(["boss"]);
    for (const name of ["article:published_time", "article:modified_time"]) {
      expect(meta(name)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)]);
    }
  });
  it("without a picture names none", async () => {
    expect(head(await get("/posts/second")).meta("og:image")).toEqual([]);
  });
  it("that is not there names no address", async () => {
    const missing = await get("/posts/missing");
    expect(missing.status).toBe(404);
    expect(head(missing).links("canonical")).toEqual([]);
  });
});

it("the list tells its own address, and where the feed is", async () => {
  const { links } = head(await get("/posts?show=draft"));
  expect([links("canonical"), links("alternate")]).toEqual([[`${SITE}/posts`], ["/posts/feed.xml"]]);
});

describe("what has not changed", () => {
  it("is sent anew once it has: each of them has another ETag", async () => {
    const paths = ["/posts", "/posts/second", "/posts/feed.xml", "/sitemap.xml"];
    const etags = () => Promise.all(paths.map(async (path) => (await get(path)).headers.etag));
    const before = await etags();
    const form = await get("/posts/second/edit", boss);
    const version = form.body.match(/name="version" value="(\d+)"/)![1]!;
    const fields = { title: "Second, better", content: "y", state: "published", version };
    expect((await post(server, "/posts/second/edit", fields, boss)).status).toBe(303);
    const after = await etags();
    after.forEach((etag, at) => {
      expect(etag, paths[at]).not.toBe(before[at]);
    });
  });
});

const array = (name: string) => ["entry", "link", "url"].includes(name);
const parse = (text: string) => {
  expect(XMLValidator.validate(text)).toBe(true);
  return new XMLParser({ ignoreAttributes: false, isArray: array, processEntities: true }).parse(text);
};
const isAbsolute = (address: string) => URL.canParse(address) && address.startsWith("https://blog.test/");
/** A date-time with a zone (RFC 3339). */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

describe("the feed", () => {
  it("keeps every rule of RFC 4287 for feeds and entries", async () => {
    const { headers, body } = await get("/posts/feed.xml");
    expect(headers["content-type"]).toBe("application/atom+xml; charset=utf-8");
    const { feed } = parse(body);
    expect(feed["@_xmlns"]).toBe("http://www.w3.org/2005/Atom");
    // 4.1.1: exactly one id, title and updated; an author, or one in each entry; a link to itself.
    expect(Object.keys(feed).sort()).toEqual(
      ["@_xml:lang", "@_xmlns", "author", "entry", "id", "link", "title", "updated"].sort(),
    );
    expect(feed.link.map((link: Record<string, string>) => [link["@_rel"], link["@_href"]])).toEqual([
      ["self", `${SITE}/posts/feed.xml`],
      ["alternate", `${SITE}/posts`],
    ]);
    expect([feed.id, feed.author.name, feed.updated]).toEqual([
      `${SITE}/posts`,
      expect.stringMatching(/./),
      expect.stringMatching(TIME),
    ]);
    // 4.1.2: the same for each entry, and its id is nobody else's.
    expect(feed.entry).toHaveLength(2);
    for (const entry of feed.entry) {
      for (const name of ["id", "title", "updated", "published"])
        expect(typeof entry[name], name).toBe("string");
      expect(URL.canParse(entry.id)).toBe(true);
      expect(entry.updated).toMatch(TIME);
      expect(entry.published).toMatch(TIME);
      expect(entry.link.map((link: Record<string, string>) => link["@_rel"])).toEqual(["alternate"]);
      expect(isAbsolute(entry.link[0]["@_href"])).toBe(true);
      expect(entry.content["@_type"]).toBe("html");
    }
    expect(new Set(feed.entry.map(({ id }: { id: string }) => id)).size).toBe(2);
  });
  it("has whole addresses for what a text leads to and shows", async () => {
    const { feed } = parse((await get("/posts/feed.xml")).body);
    const hello = feed.entry.find(({ title }: { title: string }) => title.startsWith("Hello"));
    const addresses = [...hello.content["#text"].matchAll(/(?:href|src)="([^"]*)"/g)].map(
      ([, address]) => address,
    );
    expect(addresses).toEqual([`${SITE}/posts`, `${SITE}${picture}#320x180`]);
  });
});

it("the sitemap names every page by its whole address, and when it was changed", async () => {
  const { headers, body } = await get("/sitemap.xml");
  expect(headers["content-type"]).toBe("application/xml; charset=utf-8");
  const { urlset } = parse(body);
  expect(urlset.url.map(({ loc }: { loc: string }) => loc).sort()).toEqual([
    `${SITE}/posts`,
    `${SITE}/posts/hello-world`,
    `${SITE}/posts/second`,
  ]);
  for (const { lastmod } of urlset.url.slice(1)) expect(lastmod).toMatch(TIME);
});

describe("the file of a picture", () => {
  it("is served for ever under its own name, as what it is, to anybody", async () => {
    const { status, headers } = await get(picture);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      etag: expect.stringMatching(/^"[0-9a-f-]+\.webp"$/),
    });
    expect((await get(picture, { "If-None-Match": String(headers.etag) })).status).toBe(304);
    expect(await send(server.port, { method: "HEAD", path: picture })).toMatchObject({
      status: 200,
      body: "",
    });
  });
  it.each(["/media/posts", "/media/posts/", "/media/posts/x.webp", "/media/posts/..%2favatars%2fx"])(
    "%s is a 404: nothing is listed",
    async (path) => expect((await get(path)).status).toBe(404),
  );
});

it("a form for a post of more than a megabyte is a 413, also where a picture could have come with it", async () => {
  const fields = { title: "Large", content: "x".repeat(2_000_000), state: "published" };
  expect((await post(server, "/posts/new", fields, boss)).status).toBe(413);
});
