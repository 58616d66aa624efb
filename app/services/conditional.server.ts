/** Conditional GET: what `ConditionalGetMiddleware` stands for. Whoever has the newest already is sent no copy. */
import etag from "etag";
import fresh from "fresh";

/**
 * The answer with this text, tagged; or 304 without it, where the client has it (RFC 9110, 13). The tag is weak, since
 * the text may go out compressed. What differs at each answer and means nothing goes in `without`.
 */
export function conditional(
  { method, headers: asked }: Request,
  text: string,
  { headers, without, ...init }: ResponseInit & { headers: Headers; without?: string },
): Response {
  const tag = etag(without ? text.replaceAll(without, "") : text, { weak: true });
  headers.set("ETag", tag);
  const isRead = method === "GET" || method === "HEAD";
  const { "if-none-match": match, "cache-control": control } = Object.fromEntries(asked);
  if (isRead && fresh({ "if-none-match": match, "cache-control": control }, { etag: tag })) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(text, { ...init, headers });
}
