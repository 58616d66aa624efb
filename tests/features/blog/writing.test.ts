import { beforeEach, describe, expect, it } from "vitest";
import { Post } from "#models/post.server";
import * as edit from "~/features/blog/edit";
import * as list from "~/features/blog/list";
import { toHtml } from "~/features/blog/markdown.server";
import * as fresh from "~/features/blog/new";
import { call, get, post } from "../../helpers/call";
import { signedIn } from "../../helpers/people";
import { adminOf, opened } from "../admin/admin";

let cookie: string;
const FIELDS = { title: "A title", slug: "", summary: "", content: "Some *text*", state: "published" };
const HOUR = 60 * 60 * 1000;
const control = (at: Date) => at.toISOString().slice(0, 16);

const write = (fields: Record<string, string> = {}, as = cookie) =>
  call(fresh.action, post("/posts/new", { ...FIELDS, ...fields }, { Cookie: as }));
const openForm = (slug: string, as = cookie) =>
  call(edit.loader, get(`/posts/${slug}/edit`, { Cookie: as }), { slug });
async function change(slug: string, fields: Record<string, string>, as = cookie) {
  const { data } = await openForm(slug);
  return send(slug, { ...data.values, ...fields }, as);
}
const send = (slug: string, fields: Record<string, string>, as = cookie) =>
  call(edit.action, post(`/posts/${slug}/edit`, fields, { Cookie: as }), { slug });
const only = async () => (await Post.findAll({ order: ["id"] })).at(-1)!;

async function writer(username: string, ...permissions: string[]) {
  const made = await signedIn({ username });
  await made.user.setPermissions(permissions);
  return made.cookie;
}

beforeEach(async () => {
  cookie = await writer("ada", "add_post");
});

describe("writing a post", () => {
  it("makes its slug from the title, and leads to it", async () => {
    const { status, headers } = await write({ title: "Zürich für Anfänger" });
    expect([status, headers.get("Location")]).toEqual([303, "/posts/zuerich-fuer-anfaenger"]);
    expect(await only()).toMatchObject({ title: "Zürich für Anfänger", content: "Some *text*" });
  });
  it("takes the next free slug where the title is taken, and says what is free where the slug was chosen", async () => {
    await write({ slug: "a" });
    expect((await write({ title: "a" })).headers.get("Location")).toBe("/posts/a-2");
    const { status, data } = await write({ slug: "a" });
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([
      { name: "slug", message: "Post with this slug already exists. a-3 is free" },
    ]);
    expect(data.problem.values.content).toBe("Some *text*");
  });
  it.each(["!!!", "日本語", "🔑"])(
    "of a title without Latin letters (%s) still gives it a slug",
    async (title) => {
      const { status, headers } = await write({ title });
      expect(status).toBe(303);
      expect(headers.get("Location")).toMatch(/^\/posts\/[a-z0-9-]+$/);
    },
  );
  it("as a draft leaves it without a time; as public gives it this one", async () => {
    await write({ state: "draft" });
    expect((await only()).publishedAt).toBeNull();
    const before = Date.now();
    await write({ state: "published" });
    expect((await only()).publishedAt!.getTime()).toBeGreaterThanOrEqual(before);
  });
  it("for a time to come keeps it until then", async () => {
    const at = control(new Date(Date.now() + HOUR));
    await write({ state: "scheduled", published_at: at });
    expect((await only()).publishedAt!.toISOString()).toBe(`${at}:00.000Z`);
  });
  it.each([
    ["no title", { title: " " }, "title", "Enter a title"],
    [
      "a title of 201 characters",
      { title: "x".repeat(201) },
      "title",
      "Title must be 200 characters or fewer; it has 201",
    ],
    ["a NUL in the title", { title: "a\u0000" }, "title", "Title must not contain the character NUL"],
    ["no content", { content: "" }, "content", "Write something"],
    ["a bad slug", { slug: "Not a slug" }, "slug", "Slug may hold lowercase letters"],
    ["the slug of a page", { slug: "new" }, "slug", "This slug is a page of the blog itself"],
    ["a summary of 301 characters", { summary: "x".repeat(301) }, "summary", "Summary must be 300"],
    ["an unknown state", { state: "gone" }, "state", "Choose who is to see it"],
    ["a time that is none", { state: "scheduled", published_at: "soon" }, "published_at", "Enter the day"],
    [
      "31 February",
      { state: "scheduled", published_at: "2027-02-31T09:00" },
      "published_at",
      "Enter the day",
    ],
    [
      "a time that has passed",
      { state: "scheduled", published_at: "2020-01-01T09:00" },
      "published_at",
      "Choose a time that is still to come",
    ],
  ])("refuses %s with 422, keeps what was typed and stores nothing", async (_, fields, name, message) => {
    const { status, data } = await write(fields);
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([{ name, message: expect.stringContaining(message) }]);
    expect(data.problem.values).toMatchObject({ ...FIELDS, ...fields });
    expect(data.preview).toBe(toHtml(data.problem.values.content));
    expect(await Post.count()).toBe(0);
  });
  it("can be looked at before it is finished, and is not stored by that", async () => {
    const { status, data } = await write({ title: "", content: "# Hi\n\n*text*", intent: "preview" });
    expect(status).toBe(200);
    expect(data.preview).toBe("<h2>Hi</h2>\n<p><em>text</em></p>\n");
    expect(data.typed.content).toBe("# Hi\n\n*text*");
    expect(await Post.count()).toBe(0);
  });
  it("takes the permission: without a login it asks for one, without the permission it refuses", async () => {
    expect((await write({}, "")).headers.get("Location")).toMatch(/^\/accounts\/login/);
    const reader = await writer("reader");
    expect((await write({}, reader)).status).toBe(403);
    expect((await call(fresh.loader, get("/posts/new", { Cookie: reader }))).status).toBe(403);
    expect(await Post.count()).toBe(0);
  });
});

describe("editing a post", () => {
  beforeEach(async () => {
    await write({ title: "First", slug: "first" });
  });
  it.each(["missing", "First", "a\u0000b", "..", ""])(
    "of the slug %j, which is none, is a 404",
    async (slug) => {
      expect([(await openForm(slug)).status, (await send(slug, FIELDS)).status]).toEqual([404, 404]);
    },
  );
  it("of another title never changes the slug by itself", async () => {
    await change("first", { title: "Another title" });
    expect(await only()).toMatchObject({ title: "Another title", slug: "first" });
    await change("first", { title: "Yet another", slug: "" });
    expect((await only()).slug).toBe("first");
  });
  it("keeps the time at which it went public", async () => {
    const { publishedAt } = await only();
    await change("first", { content: "Other" });
    expect((await only()).publishedAt).toEqual(publishedAt);
  });
  it("can rename it, and take the old slug back", async () => {
    expect((await change("first", { slug: "second" })).headers.get("Location")).toBe("/posts/second");
    expect((await change("second", { slug: "first" })).headers.get("Location")).toBe("/posts/first");
  });
  it("goes on under the old slug where somebody has renamed it meanwhile: nothing typed is lost", async () => {
    const { data: opened } = await openForm("first");
    await change("first", { slug: "second" });
    expect((await openForm("first")).data.values.slug).toBe("second");
    const refused = await send("first", { ...opened.values, title: "" });
    expect(refused.status).toBe(422);
    const { status, data } = await send("first", { ...opened.values, content: "Mine" });
    expect([status, data.problem.values.content, data.problem.values["theirs-slug"]]).toEqual([
      409,
      "Mine",
      "second",
    ]);
  });
  it("cannot take the slug of another, and is offered one", async () => {
    await write({ slug: "taken" });
    const { status, data } = await change("first", { slug: "taken" });
    expect(status).toBe(422);
    expect(data.problem.errors[0].message).toBe("Post with this slug already exists. taken-2 is free");
  });
  it("can take it back into the drafts", async () => {
    await change("first", { state: "draft" });
    expect((await only()).publishedAt).toBeNull();
  });
  it("that somebody else has saved meanwhile says so with 409, shows theirs and keeps mine", async () => {
    const { data: opened } = await openForm("first");
    await change("first", { content: "Theirs", title: "Their title" });
    const answer = await send("first", { ...opened.values, content: "Mine" });
    expect(answer.status).toBe(409);
    expect(answer.data.problem.values).toMatchObject({
      content: "Mine",
      "theirs-content": "Theirs",
      "theirs-title": "Their title",
    });
    expect(answer.data.problem.values).not.toHaveProperty("theirs-summary");
    expect((await only()).content).toBe("Theirs");
    expect((await send("first", answer.data.problem.values)).status).toBe(303);
    expect((await only()).content).toBe("Mine");
  });
  it.each(["", "x", "1e99"])(
    "without the version that it was opened on (%j) is taken for outdated",
    async (version) => {
      expect((await change("first", { version })).status).toBe(409);
    },
  );
  it("is for its author and for who may change posts; for others it does not exist", async () => {
    const other = await writer("hedy", "add_post");
    expect((await openForm("first", other)).status).toBe(404);
    expect((await change("first", { title: "x" }, other)).status).toBe(404);
    const editor = await writer("grace", "change_post");
    expect((await change("first", { title: "By the editor" }, editor)).status).toBe(303);
    expect((await openForm("missing")).status).toBe(404);
  });
});

describe("those who write", () => {
  it("find their drafts and what is scheduled, each with its own URL", async () => {
    await write({ title: "Draft", state: "draft" });
    await write({
      title: "Later",
      state: "scheduled",
      published_at: control(new Date(Date.now() + HOUR)),
    });
    const titles = async (query: string) =>
      (await call(list.loader, get(`/posts${query}`, { Cookie: cookie }))).data.posts.map(
        ({ title }: Post) => title,
      );
    expect(await titles("?show=draft")).toEqual(["Draft"]);
    expect(await titles("?show=scheduled")).toEqual(["Later"]);
    expect(await titles("")).toEqual([]);
    expect(await titles("?show=nonsense")).toEqual([]);
  });
});

describe("the admin", () => {
  let blog: ReturnType<typeof adminOf>;
  beforeEach(async () => {
    const boss = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
    blog = adminOf(boss.cookie, "blog", "post");
  });
  it("makes posts with distinct slugs, public at once, by whoever adds them", async () => {
    for (const slug of ["hello-world", "second-post"]) {
      expect((await blog.add({ title: slug, slug, content: "Text" })).status).toBe(303);
    }
    expect((await Post.list("published", null, { offset: 0, limit: 9 })).map(({ slug }) => slug)).toEqual([
      "second-post",
      "hello-world",
    ]);
    expect((await only()).authorId).not.toBeNull();
  });
  it("refuses a second post with the same slug at its field, and offers another", async () => {
    await blog.add({ title: "One", slug: "hello-world", content: "Text" });
    const { status, data } = await blog.add({ title: "Two", slug: "hello-world", content: "Text" });
    expect(status).toBe(422);
    expect(data.problem.errors).toEqual([
      { name: "slug", message: "Post with this slug already exists. hello-world-2 is free" },
    ]);
    expect(await Post.count()).toBe(1);
  });
  it("saves more posts at once than there are connections to the database", async () => {
    const add = (_: unknown, n: number) => blog.add({ title: `Post ${n}`, slug: "", content: "Text" });
    const answers = await Promise.all(Array.from({ length: 15 }, add));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
    expect(await Post.count()).toBe(15);
  });
  it("makes the slug from the title", async () => {
    await blog.add({ title: "Zürich für Anfänger", slug: "", content: "Text" });
    expect((await only()).slug).toBe("zuerich-fuer-anfaenger");
  });
  it("renames without a link that dies", async () => {
    await blog.add({ title: "One", slug: "one", content: "Text" });
    const { id } = await only();
    expect((await blog.change(id, { ...(await opened(blog, id)), slug: "two" })).status).toBe(303);
    expect((await Post.find("one", null))?.slug).toBe("two");
  });
});
