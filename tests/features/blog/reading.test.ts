import { XMLParser, XMLValidator } from "fast-xml-parser";
import { beforeEach, describe, expect, it } from "vitest";
import { transaction } from "#models/database.server";
import { Post } from "#models/post.server";
import { User } from "#models/user.server";
import { figure, seed } from "~/features/blog/feature.server";
import * as feed from "~/features/blog/feed";
import * as list from "~/features/blog/list";
import * as onePost from "~/features/blog/post";
import * as sitemap from "~/features/blog/sitemap";
import { call, get } from "../../helpers/call";
import { signedIn } from "../../helpers/people";

const HOUR = 60 * 60 * 1000;
let authorId: number;

async function publish(
  slug: string,
  values: Partial<{ title: string; summary: string; content: string; hours: number | null }> = {},
) {
  const { hours = -1, ...rest } = values;
  const publishedAt = hours === null ? null : new Date(Date.now() + hours * HOUR);
  const post = { title: slug, slug, content: "Text", ...rest, authorId, publishedAt };
  return transaction((transaction) => Post.create(post, { transaction }));
}
const rename = (post: Post, slug: string) =>
  transaction((transaction) => post.update({ slug }, { transaction }));
const open = (slug: string, query = "", headers?: HeadersInit) =>
  call(onePost.loader, get(`/posts/${slug}${query}`, headers), { slug });
const body = async (loader: (args: never) => Promise<Response>, path: string, headers?: HeadersInit) => {
  const request = get(path, headers);
  const answer = await loader({ request, params: {}, context: {} } as never);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

beforeEach(async () => {
  ({ id: authorId } = await User.add({ username: "ada", displayName: "Ada Lovelace" }));
});

describe("GET /posts", () => {
  it("lists what is published, newest first, ten a page, and clamps ?page=", async () => {
    for (let n = 1; n <= 25; n += 1) await publish(`post-${n}`, { hours: -n });
    await publish("draft", { hours: null });
    await publish("later", { hours: 2 });
    const page = async (query: string) => (await call(list.loader, get(`/posts${query}`))).data;
    const first = await page("");
    expect(first.posts.map(({ slug }: Post) => slug)).toEqual(
      Array.from({ length: 10 }, (_, n) => `post-${n + 1}`),
    );
    expect(first.page).toMatchObject({ number: 1, pages: 3, total: 25 });
    expect((await page("?page=3")).posts).toHaveLength(5);
    expect((await page("?page=0")).page.number).toBe(1);
    expect((await page("?page=-1")).page.number).toBe(1);
    expect((await page("?page=99")).page.number).toBe(3);
  });
  it("shows the summary, or where there is none how the post begins, as plain text", async () => {
    await publish("a", { summary: "In short", content: "Long" });
    await publish("b", { content: "# Heading\n\nIt *begins* with [a link](/x) & more.\n\nThen goes on." });
    const { posts } = (await call(list.loader, get("/posts"))).data;
    expect(posts.map(({ summary }: Post) => summary)).toEqual(["It begins with a link & more.", "In short"]);
  });
  it("shows drafts to nobody who asks for them without the right to write", async () => {
    await publish("draft", { hours: null });
    const { cookie } = await signedIn({ username: "reader" });
    for (const headers of [undefined, { Cookie: cookie }]) {
      const { data } = await call(list.loader, get("/posts?show=draft", headers));
      expect(data).toMatchObject({ show: "published", posts: [], writes: false });
    }
  });
  it("tells its own address to search engines, without what does not matter", async () => {
    const { data } = await call(list.loader, get("/posts?utm_source=x"));
    expect(data.canonical).toBe("http://tenfold.test/posts");
  });
});

describe("GET /posts/:slug", () => {
  it("shows the post, its author and its neighbours", async () => {
    await publish("older", { hours: -3 });
    await publish("newer", { hours: -1 });
    await publish("hello-world", { hours: -2, content: "Some *text*" });
    const { data } = await open("hello-world");
    expect(data).toMatchObject({
      author: "Ada Lovelace",
      html: "<p>Some <em>text</em></p>\n",
      summary: "Some text",
      older: { slug: "older" },
      newer: { slug: "newer" },
      canonical: "http://tenfold.test/posts/hello-world",
      mayEdit: false,
    });
  });
  it.each(["does-not-exist", "Hello", "a%00b", "..", "x".repeat(5_000), "constructor"])(
    "answers 404 for %.20s",
    async (slug) => expect((await open(slug)).status).toBe(404),
  );
  it("answers for a draft, and for one to come, exactly as for one that does not exist", async () => {
    await publish("draft", { hours: null });
    await publish("later", { hours: 1 });
    const missing = await open("missing");
    expect(missing.status).toBe(404);
    for (const slug of ["draft", "later"]) expect(await open(slug)).toEqual(missing);
  });
  it("leads from an old slug to the present one in one hop, and keeps the query", async () => {
    await rename(await rename(await rename(await publish("one"), "two"), "three"), "four");
    for (const slug of ["one", "two", "three"]) {
      const { status, headers } = await open(slug, "?a=b");
      expect([status, headers.get("Location")]).toEqual([301, "/posts/four?a=b"]);
    }
    expect((await open("four")).status).toBe(200);
  });
  it("tells no browser to keep that answer, since the post may take its old slug back", async () => {
    await rename(await publish("one"), "two");
    expect((await open("one")).headers.get("Cache-Control")).toBe("no-cache");
  });
  it("an old slug of a draft is not found either", async () => {
    await rename(await publish("one", { hours: null }), "two");
    expect((await open("one")).status).toBe(404);
  });
});

describe("GET /posts/feed.xml", () => {
  const parse = (text: string) => {
    expect(XMLValidator.validate(text)).toBe(true);
    const options = { ignoreAttributes: false, isArray: (name: string) => name === "entry" };
    return new XMLParser(options).parse(text).feed;
  };
  it("is Atom as RFC 4287 asks: id, title, updated, author and links of the feed and of every entry", async () => {
    const post = await publish("hello", {
      title: "Fish & <chips>",
      content: "A [link](/x) ![](/media/a.webp)",
    });
    const { headers, text } = await body(feed.loader, "/posts/feed.xml");
    expect(headers.get("Content-Type")).toBe("application/atom+xml; charset=utf-8");
    const parsed = parse(text);
    expect(parsed).toMatchObject({
      "@_xmlns": "http://www.w3.org/2005/Atom",
      id: "http://tenfold.test/posts",
      title: "Tenfold",
      author: { name: "Tenfold" },
    });
    expect(parsed.link).toContainEqual(
      expect.objectContaining({ "@_rel": "self", "@_href": "http://tenfold.test/posts/feed.xml" }),
    );
    const [entry] = parsed.entry;
    expect(entry).toMatchObject({
      title: "Fish &amp; <chips>".replace("&amp;", "&"),
      author: { name: "Ada Lovelace" },
      link: { "@_rel": "alternate", "@_href": "http://tenfold.test/posts/hello" },
      published: post.publishedAt!.toISOString(),
    });
    expect(entry.id).toMatch(/^tag:tenfold\.test,\d{4}-\d\d-\d\d:post:\d+$/);
    expect(entry.content["#text"]).toContain('href="http://tenfold.test/x"');
    expect(entry.content["#text"]).toContain('src="http://tenfold.test/media/a.webp"');
    expect(Date.parse(parsed.updated)).toBe(Date.parse(entry.updated));
  });
  it("keeps the id of an entry when its slug changes", async () => {
    const post = await publish("one");
    const id = async () => parse((await body(feed.loader, "/posts/feed.xml")).text).entry[0].id;
    const before = await id();
    await rename(post, "two");
    expect(await id()).toBe(before);
  });
  it("carries the twenty newest, no draft and nothing to come", async () => {
    for (let n = 1; n <= 22; n += 1) await publish(`post-${n}`, { hours: -n });
    await publish("draft", { hours: null });
    await publish("later", { hours: 1 });
    const { entry } = parse((await body(feed.loader, "/posts/feed.xml")).text);
    expect(entry.map(({ title }: { title: string }) => title)).toEqual(
      Array.from({ length: 20 }, (_, n) => `post-${n + 1}`),
    );
  });
  it("of nothing is still a valid feed", async () => {
    expect(parse((await body(feed.loader, "/posts/feed.xml")).text).updated).toBe("1970-01-01T00:00:00.000Z");
  });
  it("leaves out what XML cannot hold", async () => {
    await publish("a", { content: "bell \u0007 and escape \u001b" });
    const { text } = await body(feed.loader, "/posts/feed.xml");
    expect(text).toContain("bell  and escape");
  });
  it("answers 304 to who has it already, and anew once a post has changed", async () => {
    const post = await publish("a");
    const etag = (await body(feed.loader, "/posts/feed.xml")).headers.get("ETag")!;
    const again = await body(feed.loader, "/posts/feed.xml", { "If-None-Match": etag });
    expect([again.status, again.text]).toEqual([304, ""]);
    await rename(post, "b");
    expect((await body(feed.loader, "/posts/feed.xml", { "If-None-Match": etag })).status).toBe(200);
  });
});

describe("GET /sitemap.xml", () => {
  it("names every public post by its present address, and nothing else", async () => {
    await rename(await publish("old"), "present");
    await publish("draft", { hours: null });
    await publish("later", { hours: 1 });
    const { text } = await body(sitemap.loader, "/sitemap.xml");
    expect(XMLValidator.validate(text)).toBe(true);
    const { urlset } = new XMLParser({ ignoreAttributes: false }).parse(text);
    expect(urlset["@_xmlns"]).toBe("http://www.sitemaps.org/schemas/sitemap/0.9");
    expect(urlset.url.map(({ loc }: { loc: string }) => loc)).toEqual([
      "http://tenfold.test/posts",
      "http://tenfold.test/posts/present",
    ]);
  });
});

describe("the demo posts", () => {
  it("are 25, the same at every run, and added once", async () => {
    await seed.run(seed.count);
    await seed.run(seed.count);
    expect(await Post.count()).toBe(25);
    expect((await open("hello-world")).status).toBe(200);
    expect((await open("zuerich-fuer-anfaenger")).status).toBe(200);
    await seed.run(60);
    expect(await Post.count()).toBe(60);
  });
  it("are the figure of the home page", async () => {
    expect(await figure()).toBeNull();
    await publish("a");
    expect(await figure()).toBe("1 post");
    await publish("b");
    await publish("draft", { hours: null });
    expect(await figure()).toBe("2 posts");
  });
});
