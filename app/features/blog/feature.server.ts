import { transaction } from "#models/database.server";
import { Post, postContent, postSummary, postTitle, stateOf } from "#models/post.server";
import { postPictures } from "#models/post-picture.server";
import { postSlug } from "#models/post-slug.server";
import { DAY } from "#models/time";
import { User } from "#models/user.server";
import { counted } from "~/components/counted";
import { slugOf } from "~/components/slug";
import { adminEntry } from "~/services/admin.server";
import type { FileOwner } from "~/services/files.server";
import { demoPost } from "./demo.server";
import { AREA } from "./picture.server";

export const name = "blog";

export const admin = [
  adminEntry<Post>({
    model: Post,
    list: [
      "title",
      "slug",
      "authorId",
      { label: "State", value: ({ publishedAt }) => stateOf(publishedAt) },
      "publishedAt",
    ],
    search: ["title", "slug", "summary"],
    filters: ["publishedAt", "authorId"],
    ordering: ["-publishedAt"],
    prepopulate: { slug: "title" },
    widgets: { summary: "textarea" },
    rules: { title: postTitle, slug: postSlug, summary: postSummary, content: postContent },
    help: {
      slug: "The end of its address; old ones will still lead here",
      content: "Markdown",
      publishedAt: "Without it the post is a draft, with a time to come it is scheduled",
    },
    viewOnSite: ({ slug }) => `/posts/${slug}`,
    async refuse({ row, values: { slug }, transaction }) {
      const free =
        typeof slug === "string" ? await Post.freeSlug(slug, { post: row?.id, transaction }) : slug;
      if (free === slug) return null;
      return { name: "slug", message: `Post with this slug already exists. ${free} is free` };
    },
    async along({ deed, row, by, transaction }) {
      if (deed === "add" && !row.authorId) await row.update({ authorId: by.id }, { transaction });
    },
  }),
];

export const files: FileOwner = { area: AREA, keys: postPictures };

export async function figure() {
  const count = await Post.countOf("published", null);
  return count > 0 ? counted(count, "post") : null;
}

export const seed = {
  count: 25,
  /** Adds what is missing of the first `count` demo posts, one every three days up to yesterday. */
  async run(count: number) {
    const authors = await User.findAll({ order: ["id"], limit: 6 });
    const yesterday = Date.now() - DAY;
    for (let n = 0; n < count; n += 1) {
      const { title, ...text } = demoPost(n);
      const slug = slugOf(title);
      if ((await Post.freeSlug(slug)) !== slug) continue;
      const publishedAt = new Date(yesterday - n * 3 * DAY);
      const authorId = authors[n % Math.max(authors.length, 1)]?.id ?? null;
      const post = {
        ...text,
        title,
        slug,
        authorId,
        publishedAt,
        createdAt: publishedAt,
        updatedAt: publishedAt,
      };
      await transaction((transaction) => Post.create(post, { transaction, silent: true }));
    }
  },
};
