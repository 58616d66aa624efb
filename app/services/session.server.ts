/** The session cookie: what `SessionMiddleware` stands for. It holds a signed random token and nothing else. */
import { createCookie } from "@remix-run/node";
import type { CurrentUser } from "#models/current-user.server";
import { ABSOLUTE, type Client, Session, SignInRefused } from "#models/session.server";
import { singleton } from "#models/singleton.server";
import type { User } from "#models/user.server";
import { config } from "./config.server";
import { contextOf } from "./context.server";
import { isSecure } from "./http.server";

/**
 * `__Host-` binds a cookie to this host, and browsers take it by https only; over plain http, on localhost or in a
 * LAN, it goes without.
 */
const cookieFor = (request: Request) => {
  const secure = isSecure(request);
  return singleton(secure ? "secure session cookie" : "session cookie", () =>
    createCookie(secure ? "__Host-session" : "session", {
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      secure,
      maxAge: ABSOLUTE / 1000,
      secrets: config().SESSION_SECRET,
    }),
  );
};

/** Where a request comes from. */
export const clientOf = (request: Request): Client => ({
  ip: contextOf(request).ip ?? "",
  userAgent: request.headers.get("User-Agent") ?? "",
});

/** The token that the request carries, if it is one of ours. */
async function tokenOf(request: Request): Promise<string | null> {
  const header = request.headers.get("Cookie");
  if (!header?.includes("session=")) return null;
  // It parses what is signed and nothing else, but what is signed may still be no JSON.
  const token: unknown = await cookieFor(request)
    .parse(header)
    .catch(() => null);
  return typeof token === "string" ? token : null;
}

/** Who is signed in, or null. Asked once a request, and never without a cookie. */
export function getUser(request: Request): Promise<CurrentUser | null> {
  const context = contextOf(request);
  context.user ??= tokenOf(request).then((token) => (token ? Session.find(token, clientOf(request)) : null));
  return context.user;
}

/**
 * Signs a person in, in place of whoever was: the session that the request came with ends.
 *
 * @returns the header that sets the cookie.
 */
export async function startSession(request: Request, user: User): Promise<string> {
  await endSession(request);
  try {
    return await cookieFor(request).serialize(await Session.start(user, clientOf(request)));
  } catch (error) {
    // The password changed between the check and now: where a login is needed, it is asked for again.
    if (error instanceof SignInRefused) return clearedCookie(request);
    throw error;
  }
}

/** Ends the session that the request came with. @returns the header that clears the cookie. */
export async function endSession(request: Request): Promise<string> {
  const token = await tokenOf(request);
  if (token) await Session.endByToken(token);
  return clearedCookie(request);
}

const clearedCookie = (request: Request) => cookieFor(request).serialize("", { maxAge: 0 });

/** The header that clears a session cookie which leads to nobody; undefined where there is none to clear. */
export async function staleCookie(request: Request): Promise<string | undefined> {
  const names = request.headers.get("Cookie")?.split(/; */) ?? [];
  if (!names.some((pair) => pair.startsWith(`${cookieFor(request).name}=`))) return undefined;
  return (await getUser(request)) ? undefined : clearedCookie(request);
}
