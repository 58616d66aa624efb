import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Post, PostChanged, stateOf } from "#models/post.server";
import { SlugTaken } from "#models/post-slug.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { requireUser } from "~/services/auth.server";
import { changedProblem } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import stylesheet from "./blog.css?url";
import { toHtml } from "./markdown.server";
import { type PostAnswer, PostForm } from "./post-form";
import { readPostForm, refusedPost, takenProblem } from "./post-form.server";
import { savedPost } from "./saved.server";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";
export { upload as clientAction } from "~/components/upload";

/** Up to here a picture that is too large is refused at its field; beyond, by the gate. */
export const handle: Handle = { bodyLimit: 30_000_000 };

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, `Edit ${data?.values.title ?? "post"}`);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** What the form holds of a post that is there. */
const valuesOf = ({ title, slug, summary, content, publishedAt, updatedAt }: Post) => ({
  title,
  slug,
  summary,
  content,
  state: stateOf(publishedAt),
  published_at: stateOf(publishedAt) === "scheduled" ? publishedAt!.toISOString().slice(0, 16) : "",
  version: String(updatedAt.getTime()),
});

async function postFor(request: Request, slug = "") {
  const user = await requireUser(request);
  const post = await Post.editable(slug, user);
  if (!post) throw notFound();
  return { post, user };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { post } = await postFor(request, params.slug);
  return { id: post.id, values: valuesOf(post), preview: toHtml(post.content) };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { post, user } = await postFor(request, params.slug);
  const form = await readPostForm(request, post);
  if (form.preview !== undefined) return form;
  if (form.problem) return refusedPost(form.problem, form.status);
  try {
    return await savedPost(request, await Post.edit(post.id, form.values, form.version, user));
  } catch (error) {
    if (error instanceof SlugTaken) return refusedPost(takenProblem(form.typed, error));
    if (!(error instanceof PostChanged)) throw error;
    const saved = valuesOf(await Post.findByPk(post.id, { rejectOnEmpty: true }));
    return refusedPost(changedProblem("post", form.typed, saved), 409);
  }
}

export default function EditPost() {
  const { id, values, preview } = useLoaderData<typeof loader>();
  const answer = useActionData<PostAnswer>();
  return (
    <>
      <h1>Edit post</h1>
      <ErrorSummary problem={answer?.problem} />
      <PostForm
        key={id}
        values={values}
        preview={preview}
        answer={answer}
        cancelTo={`/posts/${values.slug}`}
      />
    </>
  );
}
