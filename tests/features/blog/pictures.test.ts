import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Post } from "#models/post.server";
import * as edit from "~/features/blog/edit";
import { files as owner } from "~/features/blog/feature.server";
import * as fresh from "~/features/blog/new";
import * as pictureFile from "~/features/blog/picture-file";
import * as onePost from "~/features/blog/post";
import * as store from "~/services/files.server";
import { call, get, post } from "../../helpers/call";
import { signedIn } from "../../helpers/people";
import { filesUnder, noisy, plain, postFiles, type SentFile } from "../../helpers/uploads";

const FIELDS = { title: "A title", slug: "", summary: "", content: "Some *text*", state: "published" };
const MARKDOWN = /!\[(.*)\]\((\/media\/(posts\/[0-9a-f]{32}-[0-9a-f]{32}\.webp)#(\d+)x(\d+))\)$/;

let cookie: string;
let cat: SentFile;
beforeEach(async () => {
  const { user, cookie: its } = await signedIn({ username: "ada" });
  await user.setPermissions(["add_post"]);
  cookie = its;
  cat = { bytes: await plain(320, 180).jpeg().toBuffer(), filename: "cat.jpg", type: "image/jpeg" };
});
afterEach(() => vi.restoreAllMocks());

const parts = (fields: Record<string, string>, picture?: SentFile | null) =>
  [
    ...Object.entries({ ...FIELDS, ...fields }),
    ...(picture ? [["picture", picture] as const] : []),
  ] as Parameters<typeof postFiles>[1];
const write = (fields: Record<string, string> = {}, picture: SentFile | null = cat, as = cookie) =>
  call(fresh.action, postFiles("/posts/new", parts(fields, picture), { Cookie: as }));
const add = (fields: Record<string, string> = {}, picture?: SentFile | null) =>
  write({ intent: "picture", ...fields }, picture);
const seen = (key: string, headers?: HeadersInit) =>
  call(pictureFile.loader, get(`/media/${key}`, headers), { name: key.replace("posts/", "") });
const added = async (fields: Record<string, string> = {}, picture?: SentFile) => {
  const { data } = await add(fields, picture);
  const [markdown, , address, key] = MARKDOWN.exec(data.typed.content)!;
  return { data, markdown: markdown!, address: address!, key: key! };
};

describe("adding a picture", () => {
  it("puts it at the end of the text, with the preview, and stores no post", async () => {
    const { data, markdown, address, key } = await added({ picture_description: "A cat" });
    expect(markdown).toBe(`![A cat](${address})`);
    expect(address).toBe(`/media/${key}#320x180`);
    expect(data.typed).toMatchObject({
      title: "A title",
      content: `Some *text*\n\n${markdown}`,
      added: markdown,
    });
    expect(data.typed.picture_description).toBe("");
    expect(data.preview).toContain(
      `<img src="${address}" alt="A cat" loading="lazy" width="320" height="180">`,
    );
    expect(await Post.count()).toBe(0);
    expect(filesUnder()).toEqual([key]);
  });
  it("may come first, before there is a title or a text", async () => {
    const { data, markdown } = await added({ title: "", content: "" });
    expect(data.typed.content).toBe(markdown);
  });
  it("makes it as large as a post needs, and no larger", async () => {
    const { address } = await added({}, { bytes: await noisy(2400, 1200).jpeg().toBuffer(), filename: "a" });
    expect(address).toMatch(/#1600x800$/);
  });
  it.each([
    ["](javascript:alert(1)) [", "](javascript:alert(1)) ["],
    ["*a* _b_ `c` ~~d~~ <e> &amp; \\f", "*a* _b_ `c` ~~d~~ &lt;e&gt; &amp;amp; \\f"],
    ["![b](/media/b.webp)", "![b](/media/b.webp)"],
    ["  two\r\n\r\nlines ", "two lines"],
    ["", ""],
  ])("describes it by what was typed, whatever that is: %j", async (typed, alt) => {
    const { data } = await added({ picture_description: typed });
    expect([...data.preview.matchAll(/ alt="([^"]*)"/g)].map(([, text]) => text)).toEqual([alt]);
    expect(data.preview).not.toContain("<a ");
  });
  it("that was not chosen is asked for", async () => {
    const { status, data } = await call(
      fresh.action,
      postFiles("/posts/new", parts({ intent: "picture" }), { Cookie: cookie }),
    );
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([{ name: "picture", message: "Choose a picture" }]);
    expect(data.problem.values.content).toBe("Some *text*");
  });
  it.each([
    ["a text", { bytes: "text", filename: "cat.png" }, "The picture must be a JPEG, PNG, WebP, GIF or AVIF"],
    ["an SVG", { bytes: "<svg onload=alert(1)>", filename: "cat.svg" }, "The picture must be a JPEG, PNG"],
    ["an empty file", { bytes: "", filename: "cat.png" }, "The picture is empty. Choose another"],
    ["one of over 10 MB", { bytes: Buffer.alloc(10 * 2 ** 20 + 1), filename: "a" }, "smaller than 10 MB"],
  ])(
    "of %s is refused in words at its field, and nothing that was typed is lost",
    async (_, picture, words) => {
      const { status, data } = await add({ picture_description: "A cat" }, picture);
      expect(status).toBe(422);
      expect(data.problem.errors).toEqual([{ name: "picture", message: expect.stringContaining(words) }]);
      expect(data.problem.values).toMatchObject({ ...FIELDS, picture_description: "A cat" });
      expect(filesUnder()).toEqual([]);
    },
  );
  it("to a full disk is a 507 at its field, and nothing that was typed is lost", async () => {
    vi.spyOn(store, "put").mockRejectedValue(new store.DiskFull());
    const { status, data } = await add();
    expect([status, data.problem.errors[0].name, data.problem.values.content]).toEqual([
      507,
      "picture",
      "Some *text*",
    ]);
  });
  it("takes the right to write: nothing is kept for who has none", async () => {
    const reader = await signedIn({ username: "reader" });
    expect((await write({ intent: "picture" }, cat, reader.cookie)).status).toBe(403);
    expect((await write({ intent: "picture" }, cat, "")).headers.get("Location")).toMatch(
      /^\/accounts\/login/,
    );
    expect(filesUnder()).toEqual([]);
  });
});

describe("a post that is saved", () => {
  const saved = () => Post.findOne({ rejectOnEmpty: true });
  it("with a picture still in its field has it at its end", async () => {
    expect((await write({ picture_description: "A cat" })).status).toBe(303);
    expect((await saved()).content).toMatch(MARKDOWN);
  });
  it("but is refused keeps the picture in the text that comes back, beside what is wrong", async () => {
    const { status, data } = await write({ title: "" });
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([{ name: "title", message: "Enter a title" }]);
    expect(data.problem.values.content).toMatch(MARKDOWN);
    const { content } = data.problem.values;
    expect((await write({ content }, null)).status).toBe(303);
  });
  it("with a wrong picture and a wrong title says both", async () => {
    const { data } = await write({ title: "" }, { bytes: "text", filename: "cat.png" });
    expect(data.problem.errors.map(({ name }: { name: string }) => name)).toEqual(["title", "picture"]);
  });
  it("cannot show a picture that is not there: it says which", async () => {
    const { markdown, key } = await added();
    await store.remove(key);
    const { status, data } = await write({ content: markdown }, null);
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([
      {
        name: "content",
        message: `The picture /media/${key} is not here. Add it again, or take it out of the text`,
      },
    ]);
  });
  it("can be edited though a picture of it was lost", async () => {
    await write();
    const { slug, content, updatedAt } = await saved();
    await store.remove(...filesUnder());
    const fields = { ...FIELDS, title: "Other", content, version: String(updatedAt.getTime()) };
    const answer = await call(edit.action, post(`/posts/${slug}/edit`, fields, { Cookie: cookie }), { slug });
    expect(answer.status).toBe(303);
  });
  it("is edited with a picture in the same way", async () => {
    await write({}, null);
    const { slug, updatedAt } = await saved();
    const version = String(updatedAt.getTime());
    const path = `/posts/${slug}/edit`;
    const send = (fields: Record<string, string>, picture?: SentFile | null) =>
      call(edit.action, postFiles(path, parts({ version, ...fields }, picture), { Cookie: cookie }), {
        slug,
      });
    const { data } = await send({ intent: "picture" }, cat);
    expect(data.typed).toMatchObject({ version, content: expect.stringMatching(MARKDOWN) });
    expect((await send({ content: data.typed.content })).status).toBe(303);
    expect((await saved()).content).toBe(data.typed.content);
  });
  it("tells other sites of its first picture, by its whole address", async () => {
    const { data: none } = await call(onePost.loader, get("/posts/a"), { slug: "a" });
    expect(none).toBeNull();
    await write({ slug: "with" });
    await write({ slug: "without" }, null);
    const picture = async (slug: string) =>
      (await call(onePost.loader, get(`/posts/${slug}`), { slug })).data.picture;
    expect(await picture("with")).toBe(`http://tenfold.test/media/${filesUnder()[0]}`);
    expect(await picture("without")).toBeUndefined();
  });
});

describe("the file of a picture", () => {
  it("is there before its post is saved, may be kept for ever, and is what it says", async () => {
    const { key } = await added();
    const { status, headers } = await seen(key);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "image/webp",
      "content-length": expect.stringMatching(/^\d+$/),
      etag: `"${key.replace("posts/", "")}"`,
    });
    expect((await seen(key, { "If-None-Match": headers.get("ETag")! })).status).toBe(304);
  });
  it.each([
    "",
    ".",
    "..",
    "x",
    "../../package.json",
    "..%2f..%2fpackage.json",
    "a\u0000.webp",
    "../avatars/x",
  ])("is a 404 for the name %j", async (name) =>
    expect((await call(pictureFile.loader, get("/media/posts/x"), { name })).status).toBe(404),
  );
  it("is not that of another kind, whose feature has a say in who sees it", async () => {
    const { key } = await store.put([Buffer.from("x")], { area: "avatars", extension: "webp" });
    expect((await call(pictureFile.loader, get("/media/posts/x"), { name: `../${key}` })).status).toBe(404);
  });
});

describe("manage files", () => {
  const old = () => {
    for (const path of filesUnder()) utimesSync(join(process.env.UPLOADS!, path), 0, 0);
  };
  const sweep = async () => (await store.sweep([owner], { olderThan: 1_000 }))[0];
  it("counts what posts show, and deletes what none shows once it is old", async () => {
    await write();
    const [kept] = filesUnder();
    await added();
    expect(await store.verify([owner])).toEqual([
      { area: "posts", files: 1, missing: [], damaged: [], orphans: [expect.any(String)] },
    ]);
    expect(await sweep()).toEqual({ area: "posts", removed: 0 });
    old();
    expect(await sweep()).toEqual({ area: "posts", removed: 1 });
    expect(filesUnder()).toEqual([kept]);
  });
  it("leaves a picture for as long as one of its posts shows it", async () => {
    const { markdown } = await added();
    for (const slug of ["one", "two"]) await write({ slug, content: markdown }, null);
    old();
    await Post.destroy({ where: { slug: "one" } });
    expect(await sweep()).toEqual({ area: "posts", removed: 0 });
    await Post.destroy({ where: { slug: "two" } });
    expect(await sweep()).toEqual({ area: "posts", removed: 1 });
    expect(filesUnder()).toEqual([]);
  });
});
