/** Slugs of posts: those that lead to one, and those that once did. A slug stays its post's, so that no link ever leads elsewhere. */
import {
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type ModelStatic,
  Op,
  type Transaction,
  UniqueConstraintError,
  ValidationError,
  ValidationErrorItem,
} from "sequelize";
import { sequelize } from "./database.server";
import { slug } from "./rules";

export const LONGEST_SLUG = 200;
/** Paths of the blog itself. */
const RESERVED = ["new"];
const TAKEN = "Post with this slug already exists.";

export const postSlug = slug(LONGEST_SLUG).refine(
  (slug) => !RESERVED.includes(slug),
  "This slug is a page of the blog itself: choose another",
);

/** The slug leads, or once led, to another post. */
export class SlugTaken extends Error {
  /** `free` is one like it that is nobody's. */
  constructor(readonly free: string) {
    super(TAKEN);
  }
}

export class PostSlug extends Model<InferAttributes<PostSlug>, InferCreationAttributes<PostSlug>> {
  declare slug: string;
  declare postId: number;
}

PostSlug.init(
  {
    slug: { type: DataTypes.STRING(LONGEST_SLUG), allowNull: false, primaryKey: true },
    postId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "posts", key: "id" },
      onDelete: "CASCADE",
    },
  },
  {
    sequelize,
    modelName: "post_slug",
    tableName: "post_slugs",
    timestamps: false,
    indexes: [{ name: "post_slugs_post_id", fields: ["post_id"] }],
  },
);

/** A slug like `wanted` that leads to no post and never did: `a`, or `a-2`. Those of `post` itself count as free. */
export async function freeSlug(
  wanted: string,
  { post, transaction }: { post?: number; transaction?: Transaction } = {},
): Promise<string> {
  const base = wanted || "post";
  for (let n = 1; ; n += 1) {
    const suffix = n === 1 ? "" : `-${n}`;
    const slug = base.slice(0, LONGEST_SLUG - suffix.length).replace(/-+$/, "") + suffix;
    const at = RESERVED.includes(slug) || (await PostSlug.findByPk(slug, { transaction }));
    if (!at || (at !== true && at.postId === post)) return slug;
  }
}

/** Runs `save`. @throws SlugTaken, which says what is free, where the slug that it wants is not; and what `save` throws. */
export async function claiming<T>(slug: string, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    const isTaken =
      error instanceof UniqueConstraintError ||
      (error instanceof ValidationError && error.errors.some(({ message }) => message === TAKEN));
    throw isTaken ? new SlugTaken(await freeSlug(slug)) : error;
  }
}

/** Hooks, so that no way of saving a post, the admin's and the shell's included, gets past them. */
export function keepSlugs<Post extends Model & { id: number; slug: string }>(model: ModelStatic<Post>) {
  model.addHook("beforeBulkCreate", (_posts: unknown, options: { individualHooks?: boolean }) => {
    options.individualHooks = true;
  });
  model.addHook("beforeBulkUpdate", ({ fields = [] }) => {
    if ((fields as PropertyKey[]).includes("slug"))
      throw new Error("A slug is changed post by post, so that the old one still leads to it.");
  });
  model.addHook("beforeSave", async (row, { transaction }) => {
    if (!transaction) throw new Error("A post is saved in a transaction, together with its slug.");
    const post = row as Post;
    const where = { slug: post.slug, ...(post.id ? { postId: { [Op.ne]: post.id } } : {}) };
    if (!(await PostSlug.findOne({ where, transaction }))) return;
    throw new ValidationError(TAKEN, [
      new ValidationErrorItem(TAKEN, "validation error", "slug", post.slug, post, "taken", "taken", []),
    ]);
  });
  model.addHook("afterSave", async (row, { transaction }) => {
    const { id: postId, slug } = row as Post;
    if (!(await PostSlug.findByPk(slug, { transaction })))
      await PostSlug.create({ slug, postId }, { transaction });
  });
}
