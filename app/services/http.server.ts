/** Answers that every feature gives alike: what `django.http` and `django.shortcuts` stand for. */
import { data, redirect } from "@remix-run/node";
import { config } from "./config.server";

/** The largest id that an INTEGER column of Postgres holds. */
export const LARGEST_ID = 2_147_483_647;

/** Throw it: the page that says that nothing is here. Missing and forbidden answer alike. */
export const notFound = () => data(null, { status: 404, statusText: "Not Found" });

/** Throw it: what is asked for is no secret, but this person may not have or do it. */
export const forbidden = () => data("not allowed", { status: 403, statusText: "Forbidden" });

/** Throw it: the request itself is malformed. */
export const badRequest = () => data(null, { status: 400, statusText: "Bad Request" });

/** Throw it: more was sent than is taken. The connection is closed after the answer, for the rest is not read. */
export const contentTooLarge = () =>
  data(null, { status: 413, statusText: "Content Too Large", headers: { Connection: "close" } });

/** Whether a text may be the id of a row: not `abc`, `0`, `01`, or more than the column holds. */
export const isId = (text: string) => /^[1-9]\d{0,9}$/.test(text) && Number(text) <= LARGEST_ID;

/** The id in a URL. @throws 404 for what cannot be one. */
export function idParam(param: string | undefined): number {
  if (!param || !isId(param)) throw notFound();
  return Number(param);
}

/** Whether the person reaches the site by https: directly, by what a trusted proxy tells, or by PUBLIC_URL. */
export const isSecure = ({ url }: Request) =>
  url.startsWith("https:") || Boolean(config().PUBLIC_URL?.startsWith("https:"));

/** The address of one of our paths, for links that leave the site: by PUBLIC_URL, else as this request came. */
export const absolute = ({ url }: Request, path: string) =>
  (config().PUBLIC_URL ?? new URL(url).origin) + path;

/** Where a redirect may lead: a path of this site as a header can hold it, or `fallback`. */
export function safePath(to: string | null | undefined, fallback = "/"): string {
  // A browser drops tabs and newlines from a URL and reads a backslash as a slash, so `/\evil` is `//evil`.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  if (!to?.startsWith("/") || /^\/[/\\]|[\u0000-\u001f\\]/.test(to)) return fallback;
  const { pathname, search, hash } = new URL(to, "http://localhost");
  // So is `/.//evil`.
  return pathname.startsWith("//") ? fallback : pathname + search + hash;
}

/**
 * POST/redirect/GET: 303, so that the next request is a GET whatever this one was (RFC 9110, 15.4.4).
 * `to` leads to a path of this site, or to `fallback`.
 */
export function safeRedirect(
  to: string | null | undefined,
  { fallback = "/", ...init }: { fallback?: string; headers?: HeadersInit } = {},
) {
  return redirect(safePath(to, fallback), { status: 303, ...init });
}
