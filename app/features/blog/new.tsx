import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { Post } from "#models/post.server";
import { SlugTaken } from "#models/post-slug.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { requirePermission } from "~/services/auth.server";
import type { Handle } from "~/services/gate.server";
import stylesheet from "./blog.css?url";
import { type PostAnswer, PostForm } from "./post-form";
import { readPostForm, refusedPost, takenProblem } from "./post-form.server";
import { savedPost } from "./saved.server";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";
export { upload as clientAction } from "~/components/upload";

/** Up to here a picture that is too large is refused at its field; beyond, by the gate. */
export const handle: Handle = { bodyLimit: 30_000_000 };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Write a post");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requirePermission(request, "add", "post");
  return null;
}

export async function action({ request }: ActionFunctionArgs) {
  const user = await requirePermission(request, "add", "post");
  const form = await readPostForm(request);
  if (form.preview !== undefined) return form;
  if (form.problem) return refusedPost(form.problem, form.status);
  try {
    return await savedPost(request, await Post.write(form.values, user));
  } catch (error) {
    if (error instanceof SlugTaken) return refusedPost(takenProblem(form.typed, error));
    throw error;
  }
}

export default function NewPost() {
  const answer = useActionData<PostAnswer>();
  return (
    <>
      <h1>Write a post</h1>
      <ErrorSummary problem={answer?.problem} />
      <PostForm values={{ state: "draft" }} preview="" answer={answer} cancelTo="/posts" />
    </>
  );
}
