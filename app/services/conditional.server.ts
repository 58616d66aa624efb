/** Conditional GET: what `ConditionalGetMiddleware` stands for. Whoever has the newest already is sent no copy. */
import etag from "etag";
import fresh from "fresh";

/** Whether the client has this version already, by `If-None-Match` (RFC 9110, 13.1.2): then the answer is a 304. */
export function isFresh({ method, headers }: Request, tag: string): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const [match, control] = [headers.get("If-None-Match"), headers.get("Cache-Control")];
  return fresh({ "if-none-match": match ?? undefined, "cache-control": control ?? undefined }, { etag: tag });
}

/**
 * The answer with this text, tagged; or 304 without it, where the client has it. The tag is weak, since the text may go
 * out compressed. What differs at each answer and means nothing goes in `without`.
 */
export function conditional(
  request: Request,
  text: string,
  { headers, without, ...init }: ResponseInit & { headers: Headers; without?: string },
): Response {
  const tag = etag(without ? text.replaceAll(without, "") : text, { weak: true });
  headers.set("ETag", tag);
  if (isFresh(request, tag)) return new Response(null, { status: 304, headers });
  return new Response(text, { ...init, headers });
}
