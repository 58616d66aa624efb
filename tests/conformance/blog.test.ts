/** Assignment 02: the blog. */
import { afterAll, expect, it } from "vitest";
import { superuser, tag, tidy, visitor } from "./site";

const ADMIN = "/admin/blog/post";
const posts = ["Hello world", "Second post", "Third post"].map((name) => ({
  title: `${name} ${tag}`,
  slug: `${name.toLowerCase().replace(" ", "-")}-${tag}`,
}));
const [hello] = posts as [(typeof posts)[0]];
const admin = superuser();
const reader = visitor();
afterAll(() => tidy(admin, ADMIN));

/** Writes a post in the admin. The clock of the site may be a little behind. */
async function write({ title, slug }: { title: string; slug: string }) {
  const form = await admin.open(`${ADMIN}/add`);
  const published_at = new Date(Date.now() - 60_000).toISOString().slice(0, 16);
  return form.press("Save", { title, slug, content: `This is *${title}*.`, published_at });
}

it("1. the superuser writes posts with slugs of their own in the admin", async () => {
  for (const post of posts) expect((await write(post)).redirects).toEqual([303]);
});
it("2. the list has them, the newest first", async () => {
  const page = await reader.open("/posts");
  expect(page.rows(tag).map((row) => row.find("h2").text)).toEqual(
    posts.map(({ title }) => title).toReversed(),
  );
});
it("3. a click on a title leads to the address with its slug", async () => {
  const page = await (await reader.open("/posts")).follow(hello.title);
  expect([page.status, page.path]).toEqual([200, `/posts/${hello.slug}`]);
  expect(page.find("h1").text).toBe(hello.title);
  expect(page.find("article em").text).toBe(hello.title);
});
it("4. another post with the same slug is refused at the field, and what was typed is kept", async () => {
  const page = await write({ title: `Copy ${tag}`, slug: hello.slug });
  expect([page.redirects, page.status]).toEqual([[], 422]);
  expect(page.find("#slug-error").text).toContain("Post with this slug already exists");
  expect(page.find("#title").element.getAttribute("value")).toBe(`Copy ${tag}`);
  expect((await reader.open("/posts")).rows(tag)).toHaveLength(posts.length);
});
it("5. a slug that no post has is not found", async () => {
  expect((await reader.open(`/posts/does-not-exist-${tag}`)).status).toBe(404);
});
