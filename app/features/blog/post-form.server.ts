/** The form in which a post is written: what it may hold, and what it becomes. */
import { data } from "@remix-run/node";
import { z } from "zod";
import { Post, postContent, postSummary, postTitle, stateOf } from "#models/post.server";
import { postSlug, type SlugTaken } from "#models/post-slug.server";
import { parseUtc } from "#models/rules";
import type { Problem } from "~/components/problem";
import { slugOf } from "~/components/slug";
import { checkFields, fieldProblem } from "~/services/forms.server";
import { readUpload } from "~/services/uploads.server";
import { toHtml } from "./markdown.server";
import { inMarkdown, missingPicture, type PostPicture, pictureField } from "./picture.server";

/** Left empty, it is made from the title, or stays what it is. */
const slug = z
  .string()
  .default("")
  .transform((typed, context) => {
    if (typed.trim() === "") return "";
    const result = postSlug.safeParse(typed);
    if (result.success) return result.data;
    context.addIssue({ code: "custom", message: result.error.issues[0]!.message });
    return z.NEVER;
  });

const schema = z.object({
  title: postTitle,
  slug,
  summary: postSummary,
  content: postContent,
  state: z.enum(["draft", "published", "scheduled"], "Choose who is to see it"),
  published_at: z.string().default(""),
  version: z.string().default(""),
  intent: z.string().optional(),
});

/** All that it sends, as it was typed. */
const anything = z.object(
  Object.fromEntries(
    [...Object.keys(schema.shape), "picture_description"].map((name) => [name, z.string().optional()]),
  ),
);

type Typed = Record<string, string>;

/**
 * Reads the form. `post` is the one that it changes. A picture that came with it stands at the end of the content from
 * then on, whatever is wrong with the rest; as `added` among what was typed it is there by itself.
 */
export async function readPostForm(request: Request, post?: Post) {
  const sent = await readUpload(request, anything, { picture: pictureField });
  const typed = sent.problem ? sent.problem.values : withPicture(sent.typed, sent.files.picture);
  const refused = sent.problem?.errors ?? [];
  if (typed.intent === "picture" && !typed.added && refused.length === 0) {
    refused.push({ name: "picture", message: "Choose a picture" });
  }
  // What is not finished can be looked at.
  if (typed.intent && refused.length === 0) return { preview: toHtml(typed.content ?? ""), typed } as const;
  const form = await checkFields(new URLSearchParams(typed), schema);
  const errors = [...((!typed.intent && form.problem?.errors) || []), ...refused];
  if (form.problem || errors.length > 0) return { problem: { values: typed, errors }, status: sent.status };
  const { title, summary, content, state, published_at, version } = form.value;
  const publishedAt = timeOf(state, published_at, post?.publishedAt ?? null);
  if (typeof publishedAt === "string") {
    return { problem: fieldProblem(typed, "published_at", publishedAt) } as const;
  }
  const missing = await missingPicture(content, post?.content);
  if (missing) {
    const text = `The picture ${missing} is not here. Add it again, or take it out of the text`;
    return { problem: fieldProblem(typed, "content", text) } as const;
  }
  const slug = form.value.slug || post?.slug || (await Post.freeSlug(slugOf(title)));
  return {
    values: { title, slug, summary, content, publishedAt },
    typed,
    version: new Date(Number(version)),
  };
}

function withPicture(typed: Typed, picture: PostPicture | undefined): Typed {
  if (!picture) return typed;
  const added = inMarkdown(picture, typed.picture_description ?? "");
  const content = [typed.content?.trimEnd(), added].filter(Boolean).join("\n\n");
  return { ...typed, content, picture_description: "", added };
}

/** When the post goes public, or what is wrong with the time. One that is public keeps its time. */
function timeOf(state: "draft" | "published" | "scheduled", typed: string, before: Date | null) {
  if (state === "draft") return null;
  if (state === "published") return stateOf(before) === "published" ? before : new Date();
  const at = parseUtc(typed);
  if (!at) return "Enter the day and time, UTC, at which it is to go public";
  return stateOf(at) === "scheduled" ? at : "Choose a time that is still to come";
}

/** The form again: what is wrong, what was typed, and what that looks like. */
export const refusedPost = (problem: Problem, status = 422) =>
  data({ problem, preview: toHtml(problem.values.content ?? "") }, { status });

/** What is wrong where a slug is taken, in words that offer another. */
export const takenProblem = (typed: Typed, { message, free }: SlugTaken): Problem =>
  fieldProblem(typed, "slug", `${message} ${free} is free`);
