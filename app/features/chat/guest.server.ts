/** The name that somebody without an account is known by: asked once, and kept in a cookie of theirs. */
import { createCookie } from "@remix-run/node";
import { ANONYMOUS, nameOf } from "#models/chat-message.server";
import { isSecure } from "~/services/http.server";

const YEAR = 365 * 24 * 60 * 60;

const cookieOf = (request: Request) =>
  createCookie("chat-name", {
    path: "/chat",
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure(request),
    maxAge: YEAR,
  });

/** The name that the request brings along; null where it has none. */
export async function guestName(request: Request): Promise<string | null> {
  const kept: unknown = await cookieOf(request)
    .parse(request.headers.get("Cookie"))
    .catch(() => null);
  const name = typeof kept === "string" ? nameOf(kept) : ANONYMOUS;
  return name === ANONYMOUS ? null : name;
}

/** The header that keeps a name. */
export const keepName = (request: Request, name: string) => cookieOf(request).serialize(name);
