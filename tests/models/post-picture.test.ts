import { describe, expect, it } from "vitest";
import { transaction } from "#models/database.server";
import { Post } from "#models/post.server";
import { picturesIn, postPictures } from "#models/post-picture.server";

const hex = (n: number) => n.toString(16).padStart(32, "0");
const key = (n: number) => `posts/${hex(n)}-${hex(n + 1)}.webp`;
const shown = (n: number) => `![A cat](/media/${key(n)}#16x9)`;

const write = (contents: string[]) =>
  transaction((transaction) =>
    Post.bulkCreate(
      contents.map((content, n) => ({ title: `Post ${n}`, slug: `post-${n}`, content })),
      { transaction },
    ),
  );
async function all() {
  const keys: string[] = [];
  for await (const key of postPictures()) keys.push(key);
  return keys;
}

describe("the pictures of a text", () => {
  it("are named once each, in their order, however they are referred to", () => {
    const text = `${shown(2)} [a link](https://blog.test/media/${key(1)}) \`/media/${key(3)}\` ${shown(2)}`;
    expect(picturesIn(text)).toEqual([key(2), key(1), key(3)]);
  });
  it.each([
    "",
    "/media/posts/",
    `/media/avatars/${hex(1)}-${hex(2)}.webp`,
    `/media/posts/${hex(1)}.webp`,
    `/media/posts/../${hex(1)}-${hex(2)}.webp`,
    `/media/posts/${"G".repeat(32)}-${hex(2)}.webp`,
  ])("are not what only looks like it: %j", (text) => expect(picturesIn(text)).toEqual([]));
});

describe("the pictures of all posts", () => {
  it("are none where there are none", async () => {
    await write(["Text", "/media/avatars/x.webp"]);
    expect(await all()).toEqual([]);
  });
  it("are each named once, drafts' and those of more posts than are read at once", async () => {
    await write([...Array.from({ length: 230 }, (_, n) => `Text\n\n${shown(n)}`), shown(0), "No picture"]);
    await Post.update({ publishedAt: null }, { where: { slug: "post-7" } });
    expect((await all()).sort()).toEqual(Array.from({ length: 230 }, (_, n) => key(n)).sort());
  });
  it("go with the text that shows them", async () => {
    await write([shown(1), shown(2)]);
    await Post.update({ content: "Text" }, { where: { slug: "post-0" } });
    expect(await all()).toEqual([key(2)]);
    await Post.destroy({ where: { slug: "post-1" } });
    expect(await all()).toEqual([]);
  });
});
