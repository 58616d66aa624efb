/** The form in which a post is written: what it may hold, and what it becomes. */
import { z } from "zod";
import {
  Post,
  postContent,
  postSlug,
  postSummary,
  postTitle,
  type SlugTaken,
  stateOf,
} from "#models/post.server";
import { parseUtc } from "#models/rules";
import type { Problem } from "~/components/problem";
import { slugOf } from "~/components/slug";
import { fieldProblem, readForm } from "~/services/forms.server";
import { toHtml } from "./markdown.server";

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

type Typed = Record<string, string>;

/** Reads the form. `post` is the one that it changes. */
export async function readPostForm(request: Request, post?: Post) {
  const form = await readForm(request, schema);
  const typed: Typed = form.problem ? form.problem.values : form.typed;
  // What is not finished can be looked at.
  if (typed.intent === "preview") return { preview: toHtml(typed.content ?? ""), typed } as const;
  if (form.problem) return { problem: form.problem } as const;
  const { title, summary, content, state, published_at, version } = form.value;
  const publishedAt = timeOf(state, published_at, post?.publishedAt ?? null);
  if (typeof publishedAt === "string") {
    return { problem: fieldProblem(typed, "published_at", publishedAt) } as const;
  }
  const slug = form.value.slug || post?.slug || (await Post.freeSlug(slugOf(title)));
  return {
    values: { title, slug, summary, content, publishedAt },
    typed,
    version: new Date(Number(version)),
  };
}

/** When the post goes public, or what is wrong with the time. One that is public keeps its time. */
function timeOf(state: "draft" | "published" | "scheduled", typed: string, before: Date | null) {
  if (state === "draft") return null;
  if (state === "published") return stateOf(before) === "published" ? before : new Date();
  const at = parseUtc(typed);
  if (!at) return "Enter the day and time, UTC, at which it is to go public";
  return stateOf(at) === "scheduled" ? at : "Choose a time that is still to come";
}

/** What is wrong where a slug is taken, in words that offer another. */
export const takenProblem = (typed: Typed, { message, free }: SlugTaken): Problem =>
  fieldProblem(typed, "slug", `${message} ${free} is free`);
