import { type Post, stateOf } from "#models/post.server";
import { redirectWithFlash } from "~/services/flash.server";
import { timeInWords } from "./byline";

/** To the post, with what has become of it in words. */
export function savedPost(request: Request, { title, slug, publishedAt }: Post) {
  const text = {
    draft: `Saved the draft “${title}”. It is not public yet.`,
    scheduled: publishedAt && `“${title}” will go public on ${timeInWords(publishedAt)}.`,
    published: `“${title}” is public.`,
  }[stateOf(publishedAt)];
  return redirectWithFlash(request, `/posts/${slug}`, { kind: "success", text: text! });
}
