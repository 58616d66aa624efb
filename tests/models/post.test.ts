import { beforeEach, describe, expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/current-user.server";
import { sequelize, transaction } from "#models/database.server";
import { Post, PostChanged, postContent, stateOf } from "#models/post.server";
import { PostSlug, postSlug, SlugTaken } from "#models/post-slug.server";
import { stored } from "#models/sql.server";
import { User } from "#models/user.server";
import { getUser } from "~/services/session.server";
import { get } from "../helpers/call";
import { whileDeleted } from "../helpers/deadlock";
import { signedIn } from "../helpers/people";

let ada: CurrentUser;
const HOUR = 60 * 60 * 1000;
const hoursFromNow = (hours: number) => new Date(Date.now() + hours * HOUR);

async function person(username: string, ...permissions: string[]): Promise<CurrentUser> {
  const { user, cookie } = await signedIn({ username });
  await user.setPermissions(permissions);
  return (await getUser(get("/", { Cookie: cookie })))!;
}
const values = (slug: string, publishedAt: Date | null = hoursFromNow(-1)) => ({
  title: `Title of ${slug.slice(0, 100)}`,
  slug,
  summary: "",
  content: "Text",
  publishedAt,
});
const write = (slug: string, publishedAt?: Date | null, by = ada) =>
  Post.write(values(slug, publishedAt), by);
const rename = (post: Post, slug: string) => Post.edit(post.id, values(slug), post.updatedAt, ada);
const all = { offset: 0, limit: 100 };
const slugs = (rows: { slug: string }[]) => rows.map(({ slug }) => slug);
const leadsTo = async (slug: string) => (await Post.find(slug, null))?.slug ?? null;

beforeEach(async () => {
  ada = await person("ada", "add_post");
});

// SQLite has one writer at a time.
const onPostgres = sequelize.getDialect() === "postgres" ? describe : () => {};

onPostgres("who edits their post while they are being deleted", () => {
  it("is not told of a deadlock", async () => {
    const post = await write("a");
    const author = (await User.findByPk(ada.id))!;
    await whileDeleted(author, (await Post.findByPk(post.id))!, () => rename(post, "b"));
    expect(await leadsTo("a")).toBe("b");
  });
});

describe("a slug", () => {
  it.each(["hello-world", "a", "2026", "a-2", "x".repeat(200)])("may be %s", (slug) =>
    expect(postSlug.parse(slug)).toBe(slug),
  );
  it.each([
    ["", "Enter a slug"],
    ["x".repeat(201), "Slug must be 200 characters or fewer"],
    ["new", "This slug is a page of the blog itself: choose another"],
    ...["Hello", "a b", "ä", "a_b", "a/b", "-a", "a--b", "a.b", "a\u0000"].map((slug) => [
      slug,
      "Slug may hold lowercase letters, digits and single hyphens between them",
    ]),
  ])("cannot be %j", (slug, message) =>
    expect(postSlug.safeParse(slug).error?.issues[0]?.message).toBe(message),
  );
  it("that breaks the rule is refused by the model too, whichever way it comes", async () => {
    await expect(write("Not A Slug")).rejects.toThrow("Slug may hold lowercase letters");
    const directly = transaction((transaction) => Post.create(values("Not A Slug"), { transaction }));
    await expect(directly).rejects.toThrow("Slug may hold lowercase letters");
  });
  it("is unique in the database, whatever the code says", async () => {
    const { id } = await write("a");
    await write("b");
    await expect(sequelize.query(`UPDATE posts SET slug = 'b' WHERE id = ${id}`)).rejects.toThrow();
    await expect(
      sequelize.query(`INSERT INTO post_slugs (slug, post_id) VALUES ('a', ${id})`),
    ).rejects.toThrow();
  });
});

describe("a title", () => {
  it("of 201 characters is stored on neither database", async () => {
    const long = { ...values("a"), title: "x".repeat(201) };
    await expect(Post.write(long, ada)).rejects.toThrow("Title must be 200 characters or fewer");
    const post = await write("a");
    await expect(Post.edit(post.id, long, post.updatedAt, ada)).rejects.toThrow("Title must be 200");
  });
});

describe("content", () => {
  it("keeps its lines, with line ends of one kind", () =>
    expect(postContent.parse(" a\r\n\r\nb\rc \n")).toBe("a\n\nb\nc"));
  it.each([
    ["", "Write something"],
    [" \n ", "Write something"],
    ["a\u0000b", "Content must not contain the character NUL"],
    ["x".repeat(100_001), "Content must be 100,000 characters or fewer; it has 100,001"],
  ])("cannot be %.10j", (text, message) =>
    expect(postContent.safeParse(text).error?.issues[0]?.message).toBe(message),
  );
});

describe("a link never dies", () => {
  it("an old slug still finds its post, however often it was renamed", async () => {
    let post = await write("first");
    for (const slug of ["second", "third", "fourth"]) post = await rename(post, slug);
    for (const slug of ["first", "second", "third", "fourth"]) expect(await leadsTo(slug)).toBe("fourth");
  });
  it("one's own old slug can be taken back", async () => {
    const post = await rename(await rename(await write("first"), "second"), "first");
    expect(post.slug).toBe("first");
    expect(await leadsTo("second")).toBe("first");
  });
  it("another post cannot take a slug that leads to one or once did, and is offered another", async () => {
    await rename(await write("old"), "current");
    for (const [slug, free] of [
      ["old", "old-2"],
      ["current", "current-2"],
    ]) {
      const error = await write(slug!).catch((error) => error);
      expect(error).toBeInstanceOf(SlugTaken);
      expect(error.free).toBe(free);
    }
    const other = await write("other");
    await expect(rename(other, "old")).rejects.toThrow("Post with this slug already exists.");
    expect(await leadsTo("old")).toBe("current");
  });
  it("two people who take one slug at the same time do not both get it", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => write("a")));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(SlugTaken);
    }
  });
  it("holds for posts that a script makes, many at once too", async () => {
    const { id: authorId } = ada;
    const rows = ["x", "y"].map((slug) => ({ ...values(slug), authorId }));
    await transaction((transaction) => Post.bulkCreate(rows, { transaction }));
    expect(await PostSlug.count()).toBe(2);
    await expect(Post.update({ slug: "z" }, { where: { slug: "x" } })).rejects.toThrow("post by post");
    await expect(Post.create({ ...values("z"), authorId })).rejects.toThrow("in a transaction");
    expect(await Post.count()).toBe(2);
  });
  it("the slugs of a deleted post are free again", async () => {
    const post = await write("a");
    await post.destroy();
    expect(await Post.freeSlug("a")).toBe("a");
  });
});

describe("a free slug", () => {
  it("is the one that is wanted, else the next number", async () => {
    expect(await Post.freeSlug("a")).toBe("a");
    await write("a");
    await write("a-2");
    expect(await Post.freeSlug("a")).toBe("a-3");
  });
  it("is never a page of the blog, and never empty", async () => {
    expect(await Post.freeSlug("new")).toBe("new-2");
    expect(await Post.freeSlug("")).toBe("post");
  });
  it("stays within 200 characters", async () => {
    await write("x".repeat(200));
    expect(await Post.freeSlug("x".repeat(200))).toBe(`${"x".repeat(198)}-2`);
  });
});

describe("who sees a post", () => {
  it("that is published: everybody; a draft or one to come: its author and who may change posts", async () => {
    const editor = await person("grace", "change_post");
    const other = await person("hedy", "add_post", "view_post");
    await write("out");
    await write("draft", null);
    await write("later", hoursFromNow(1));
    const seen = async (user: CurrentUser | null) => {
      const found = await Promise.all(["out", "draft", "later"].map((slug) => Post.find(slug, user)));
      return slugs(found.filter((post) => post !== null));
    };
    expect(await seen(null)).toEqual(["out"]);
    expect(await seen(other)).toEqual(["out"]);
    expect(await seen(ada)).toEqual(["out", "draft", "later"]);
    expect(await seen(editor)).toEqual(["out", "draft", "later"]);
    expect(slugs(await Post.list("draft", other, all))).toEqual([]);
    expect(await Post.countOf("draft", other)).toBe(0);
    expect(slugs(await Post.list("draft", ada, all))).toEqual(["draft"]);
    expect(await Post.countOf("scheduled", editor)).toBe(1);
  });
  it("is decided by the time of the question: one to come appears by itself", async () => {
    const post = await write("soon", hoursFromNow(1));
    expect(await leadsTo("soon")).toBeNull();
    await sequelize.query("UPDATE posts SET published_at = :at", {
      replacements: { at: stored(hoursFromNow(-1)) },
    });
    expect(await leadsTo("soon")).toBe("soon");
    expect(stateOf((await post.reload()).publishedAt)).toBe("published");
  });
  it("and may change it: who may change posts, or wrote it and may still write", async () => {
    const editor = await person("grace", "change_post");
    const other = await person("hedy", "add_post");
    await write("mine");
    expect(await Post.editable("mine", ada)).not.toBeNull();
    expect(await Post.editable("mine", editor)).not.toBeNull();
    expect(await Post.editable("mine", other)).toBeNull();
    await (await User.findByPk(ada.id))!.setPermissions([]);
    const without = await person("linus");
    await Post.update({ authorId: without.id }, { where: {} });
    expect(await Post.editable("mine", without)).toBeNull();
  });
  it("it outlives its author", async () => {
    await write("a");
    await User.destroy({ where: { id: ada.id } });
    expect(await Post.find("a", null)).toMatchObject({ author: null, slug: "a" });
  });
});

describe("lists", () => {
  it("go from the newest to the oldest, with a total order", async () => {
    const at = hoursFromNow(-5);
    for (const slug of ["a", "b", "c"]) await write(slug, at);
    await write("newest", hoursFromNow(-1));
    await write("oldest", hoursFromNow(-9));
    expect(slugs(await Post.list("published", null, all))).toEqual(["newest", "c", "b", "a", "oldest"]);
    const pages = [];
    for (let offset = 0; offset < 5; offset += 2) {
      pages.push(...(await Post.list("published", null, { offset, limit: 2 })));
    }
    expect(slugs(pages)).toEqual(["newest", "c", "b", "a", "oldest"]);
  });
  it("know the neighbours of a post, also among those of one moment", async () => {
    const at = hoursFromNow(-5);
    const posts = [];
    for (const slug of ["a", "b", "c"]) posts.push(await write(slug, at));
    await write("later", hoursFromNow(2));
    const beside = async ({ slug }: { slug: string }) => {
      const post = await Post.find(slug, ada);
      return [post?.older?.slug, post?.newer?.slug];
    };
    expect(await Promise.all(posts.map(beside))).toEqual([
      [undefined, "b"],
      ["a", "c"],
      ["b", undefined],
    ]);
    expect(await beside(await write("draft", null))).toEqual([undefined, undefined]);
  });
});

describe("the history", () => {
  it("has who wrote a post and who changed it, field by field", async () => {
    const grace = await person("grace", "change_post");
    const post = await write("a");
    await Post.edit(
      post.id,
      { ...values("b"), title: "New title", publishedAt: post.publishedAt },
      post.updatedAt,
      grace,
    );
    const [changed, added] = await Activity.of("post", post.id);
    expect(added).toMatchObject({ deed: "add", userName: "ada", label: "Title of a" });
    expect(changed).toMatchObject({ deed: "change", userName: "grace" });
    expect(changed!.changes).toEqual([
      { field: "title", before: "Title of a", after: "New title" },
      { field: "slug", before: "a", after: "b" },
    ]);
  });
});

describe("an edit", () => {
  it("of a post that somebody has saved meanwhile is refused", async () => {
    const post = await write("a");
    const opened = post.updatedAt;
    await Post.edit(post.id, { ...values("a"), title: "Theirs" }, opened, ada);
    await expect(Post.edit(post.id, { ...values("a"), title: "Mine" }, opened, ada)).rejects.toThrow(
      PostChanged,
    );
    expect((await post.reload()).title).toBe("Theirs");
  });
});
