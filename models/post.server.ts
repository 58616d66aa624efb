/** Posts of the blog. Every slug that ever led to one: post-slug. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import type { CurrentUser } from "./current-user.server";
import { retryingTransaction, type Slice, sequelize, transaction } from "./database.server";
import { claiming, freeSlug, keepSlugs, LONGEST_SLUG, PostSlug, postSlug } from "./post-slug.server";
import { line, prose, SLUG, slugRule } from "./rules";
import { select } from "./sql.server";
import { calledSql } from "./user.server";

const LONGEST = { title: 200, summary: 300, content: 100_000 };

export const postTitle = line({ name: "Title", max: LONGEST.title, empty: "Enter a title" });
export const postSummary = prose({ name: "Summary", max: LONGEST.summary });
export const postContent = prose({ name: "Content", max: LONGEST.content, empty: "Write something" });

/** A post goes public by its time alone: without one it is a draft, with one to come it is scheduled. */
export type PostState = "draft" | "scheduled" | "published";

export const stateOf = (publishedAt: Date | null, now = new Date()): PostState =>
  publishedAt === null ? "draft" : publishedAt > now ? "scheduled" : "published";

/** What a person writes. */
export interface PostValues {
  title: string;
  slug: string;
  summary: string;
  content: string;
  publishedAt: Date | null;
}

/** A post as lists get it. */
export interface PostLine {
  id: number;
  title: string;
  slug: string;
  summary: string;
  /** The beginning of its content, where it has no summary. */
  opening: string;
  author: string | null;
  publishedAt: Date | null;
  updatedAt: Date;
}

/** A whole post. */
export interface PostView extends PostLine {
  content: string;
  createdAt: Date;
  authorId: number | null;
}

/** A post with the published ones just before and after it. */
export interface PostPage extends PostView {
  older: { title: string; slug: string } | null;
  newer: { title: string; slug: string } | null;
}

type Beside = Record<"olderTitle" | "olderSlug" | "newerTitle" | "newerSlug", string | null>;

/** Somebody has saved the post since the form was opened. */
export class PostChanged extends Error {}

const OPENING = 600;

export class Post extends Model<InferAttributes<Post>, InferCreationAttributes<Post>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare slug: string;
  declare summary: CreationOptional<string>;
  /** Markdown. */
  declare content: string;
  declare authorId: CreationOptional<number | null>;
  declare publishedAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;

  /** A slug like the one that is wanted, which leads to no post and never did. */
  static readonly freeSlug = freeSlug;

  static readonly noted: (keyof Attributes<Post>)[] = ["title", "slug", "summary", "content", "publishedAt"];

  /** `limit` posts in a state from `offset` on, the newest first; of drafts the one that was saved last. */
  static async list(
    state: PostState,
    user: CurrentUser | null,
    { offset, limit }: Slice,
  ): Promise<PostLine[]> {
    const rows = await select<PostLine>(
      `SELECT ${LINE} FROM ${FROM} WHERE ${inState(state)} AND ${visibleTo(user)}
       ORDER BY ${state === "draft" ? "p.updated_at DESC" : "p.published_at DESC"}, p.id DESC
       LIMIT :limit OFFSET :offset`,
      { ...of(user), offset, limit },
    );
    return rows.map(dated);
  }

  /** How many posts are in a state, of those that the person may see. */
  static async countOf(state: PostState, user: CurrentUser | null): Promise<number> {
    const [row] = await select<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM posts p WHERE ${inState(state)} AND ${visibleTo(user)}`,
      of(user),
    );
    return Number(row!.count);
  }

  /** The post that a slug leads to, if the person may see it; it may be called otherwise by now. */
  static async find(slug: string, user: CurrentUser | null): Promise<PostPage | null> {
    if (!SLUG.test(slug)) return null;
    const [row] = await select<PostView & Beside>(
      `SELECT ${LINE}, p.content, p.created_at AS "createdAt", p.author_id AS "authorId",
         older.title AS "olderTitle", older.slug AS "olderSlug",
         newer.title AS "newerTitle", newer.slug AS "newerSlug"
       FROM ${FROM}
       LEFT JOIN posts older ON older.id = ${beside("<", "DESC")}
       LEFT JOIN posts newer ON newer.id = ${beside(">", "ASC")}
       WHERE p.id = (SELECT post_id FROM post_slugs WHERE slug = :slug) AND ${visibleTo(user)}`,
      { ...of(user), slug },
    );
    if (!row) return null;
    const { olderTitle, olderSlug, newerTitle, newerSlug, ...post } = row;
    return {
      ...dated(post),
      createdAt: new Date(post.createdAt),
      older: olderSlug && olderTitle ? { title: olderTitle, slug: olderSlug } : null,
      newer: newerSlug && newerTitle ? { title: newerTitle, slug: newerSlug } : null,
    };
  }

  /** What the feed carries: the newest published ones, whole. */
  static async feed(limit: number): Promise<PostView[]> {
    const rows = await select<PostView>(
      `SELECT ${LINE}, p.content, p.created_at AS "createdAt" FROM ${FROM} WHERE ${inState("published")}
       ORDER BY p.published_at DESC, p.id DESC LIMIT :limit`,
      { ...of(null), limit },
    );
    return rows.map((row) => ({ ...dated(row), createdAt: new Date(row.createdAt) }));
  }

  /** Every published post, the newest first, up to `limit`. */
  static async sitemap(limit: number): Promise<{ slug: string; updatedAt: Date }[]> {
    const rows = await select<{ slug: string; updatedAt: string }>(
      `SELECT p.slug, p.updated_at AS "updatedAt" FROM posts p WHERE ${inState("published")}
       ORDER BY p.published_at DESC, p.id DESC LIMIT :limit`,
      { ...of(null), limit },
    );
    return rows.map(({ slug, updatedAt }) => ({ slug, updatedAt: new Date(updatedAt) }));
  }

  /** The post of that slug, past or present, for who may change it. */
  static async editable(slug: string, user: CurrentUser): Promise<Post | null> {
    const at = SLUG.test(slug) ? await PostSlug.findByPk(slug) : null;
    const post = at && (await Post.findByPk(at.postId));
    return post && mayEdit(user, post) ? post : null;
  }

  /** @throws SlugTaken, or ZodError when a value breaks its rule. */
  static async write(written: PostValues, by: CurrentUser): Promise<Post> {
    const values = checked(written);
    return claiming(values.slug, () =>
      transaction(async (transaction) => {
        const post = await Post.create({ ...values, authorId: by.id }, { transaction });
        await Activity.note("add", post, by, transaction);
        return post;
      }),
    );
  }

  /**
   * Saves a post as it was edited. Its old slugs still lead to it.
   *
   * @param version When the post was last saved as the form was opened.
   * @throws SlugTaken, or PostChanged where somebody has saved it since `version`, or ZodError.
   */
  static async edit(id: number, written: PostValues, version: Date, by: Actor): Promise<Post> {
    const values = checked(written);
    return claiming(values.slug, () =>
      retryingTransaction(async (transaction) => {
        const post = await Post.findByPk(id, { transaction, lock: true, rejectOnEmpty: true });
        if (post.updatedAt.getTime() !== version.getTime()) throw new PostChanged();
        await Activity.note("change", post.set(values), by, transaction);
        return post.save({ transaction });
      }),
    );
  }
}

const FROM = "posts p LEFT JOIN users u ON u.id = p.author_id";
const LINE = `p.id, p.title, p.slug, p.summary,
  CASE WHEN p.summary = '' THEN SUBSTR(p.content, 1, ${OPENING}) ELSE '' END AS opening,
  ${calledSql("u")} AS author,
  p.published_at AS "publishedAt", p.updated_at AS "updatedAt"`;

const inState = (state: PostState) =>
  ({
    draft: "p.published_at IS NULL",
    scheduled: "p.published_at > :now",
    published: "p.published_at <= :now",
  })[state];

/** The id of the published post beside `p`. */
const beside = (sign: "<" | ">", direction: "ASC" | "DESC") =>
  `(SELECT b.id FROM posts b WHERE b.published_at <= :now AND (b.published_at, b.id) ${sign} (p.published_at, p.id)
    ORDER BY b.published_at ${direction}, b.id ${direction} LIMIT 1)`;

const mayChangeAny = (user: CurrentUser) => user.can("change", "post");

/** Who may write posts, and so change their own. */
export const mayWrite = (user: CurrentUser | null) =>
  Boolean(user?.can("add", "post") || user?.can("change", "post"));

/** Whether a person may change a post: any, or what they wrote themselves. */
export const mayEdit = (user: CurrentUser | null, { authorId }: { authorId: number | null }) =>
  Boolean(user && (mayChangeAny(user) || (authorId === user.id && user.can("add", "post"))));

/** What is not public is seen by who may change it, by its author, and by nobody else. */
const visibleTo = (user: CurrentUser | null) => {
  if (!user) return "p.published_at <= :now";
  return mayChangeAny(user) ? "1 = 1" : "(p.published_at <= :now OR p.author_id = :userId)";
};

const of = (user: CurrentUser | null) => ({ now: new Date(), userId: user?.id ?? 0 });

/** Raw rows keep SQLite's own type for dates: text. */
const dated = <Row extends PostLine>(row: Row): Row => ({
  ...row,
  publishedAt: row.publishedAt && new Date(row.publishedAt),
  updatedAt: new Date(row.updatedAt),
});

const checked = ({ title, slug, summary, content, publishedAt }: PostValues): PostValues => ({
  title: postTitle.parse(title),
  slug: postSlug.parse(slug),
  summary: postSummary.parse(summary),
  content: postContent.parse(content),
  publishedAt,
});

Post.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.STRING(LONGEST.title), allowNull: false },
    slug: {
      type: DataTypes.STRING(LONGEST_SLUG),
      allowNull: false,
      validate: { is: { args: SLUG, msg: slugRule("Slug") } },
    },
    summary: { type: DataTypes.STRING(LONGEST.summary), allowNull: false, defaultValue: "" },
    content: { type: DataTypes.TEXT, allowNull: false },
    authorId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    publishedAt: { type: DataTypes.DATE, defaultValue: DataTypes.NOW },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    updatedAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "post",
    tableName: "posts",
    indexes: [
      { name: "posts_slug", fields: ["slug"], unique: true },
      { name: "posts_published_at", fields: ["published_at", "id"] },
      { name: "posts_author_id", fields: ["author_id"] },
    ],
  },
);

keepSlugs(Post);
