/** Stored pictures over HTTP: what Django's `MEDIA_URL` stands for. Who may see one is the feature's to say. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { isFresh } from "./conditional.server";
import type { OpenedFile } from "./files.server";
import { streamed } from "./stream.server";

/** Where a file of the store is shown. */
export const mediaUrl = <Key extends string | null>(key: Key) => key && `/media/${key}`;

/**
 * A WebP picture of the store. What its key stands for never changes, so it may be kept for ever: by whoever passes it
 * on, or where `isPrivate` by the browser alone.
 */
export function servePicture(
  { request, context }: Pick<LoaderFunctionArgs, "request" | "context">,
  key: string,
  { size, bytes }: OpenedFile,
  { isPrivate }: { isPrivate: boolean },
): Response {
  const etag = `"${key.slice(key.indexOf("/") + 1)}"`;
  const headers = {
    "Cache-Control": `${isPrivate ? "private" : "public"}, max-age=31536000, immutable`,
    ETag: etag,
  };
  if (isFresh(request, etag)) return new Response(null, { status: 304, headers });
  return new Response(streamed({ request, context }, bytes), {
    headers: { ...headers, "Content-Type": "image/webp", "Content-Length": String(size) },
  });
}
