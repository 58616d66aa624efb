/**
 * Flash messages: what `django.contrib.messages` stands for. They wait in a signed cookie of their own for
 * the page that the person lands on, are shown there, and are gone.
 */
import { createCookieSessionStorage } from "@remix-run/node";
import { singleton } from "#models/singleton.server";
import type { Flash } from "~/components/flash-messages";
import { config } from "./config.server";
import { isSecure, safePath, safeRedirect } from "./http.server";

interface Waiting extends Flash {
  /** The path of the page that is to show it. */
  to: string;
}

/** Seconds that a message waits for its page. */
const MAX_AGE = 300;
/** A browser keeps 4,096 bytes a cookie; base64, signature and attributes need their share. */
const MAX_BYTES = 2_400;
const MAX_TEXT_BYTES = 600;

const storage = () =>
  singleton("flash", () =>
    createCookieSessionStorage<{ waiting: Waiting[] }>({
      cookie: {
        name: "flash",
        path: "/",
        httpOnly: true,
        sameSite: "lax",
        maxAge: MAX_AGE,
        secrets: config().SESSION_SECRET,
      },
    }),
  );

/** A redirect to `to` that leaves a message for the page there. */
export async function redirectWithFlash(
  request: Request,
  to: string,
  flash: Flash,
  headers: Record<string, string> = {},
) {
  const page = safePath(to);
  const session = await storage().getSession(request.headers.get("Cookie"));
  const waiting = [
    ...(session.get("waiting") ?? []),
    { ...flash, text: clamp(flash.text), to: pageOf(page) },
  ];
  while (waiting.length > 1 && Buffer.byteLength(JSON.stringify(waiting)) > MAX_BYTES) waiting.shift();
  session.set("waiting", waiting);
  const answer = new Headers(headers);
  answer.append("Set-Cookie", await commit(request, session));
  return safeRedirect(page, { headers: answer });
}

/** The messages for the page that `request` is for, and the headers that clear them. */
export async function takeFlash(request: Request): Promise<{ flashes: Flash[]; headers: HeadersInit }> {
  const cookie = request.headers.get("Cookie");
  if (!cookie?.includes("flash=") || isPrefetch(request)) return { flashes: [], headers: {} };
  const session = await storage().getSession(cookie);
  const waiting = session.get("waiting") ?? [];
  const page = pageOf(request.url);
  const rest = waiting.filter(({ to }) => to !== page);
  const flashes = waiting.filter(({ to }) => to === page).map(({ to: _, ...flash }) => flash);
  if (waiting.length > 0 && flashes.length === 0) return { flashes, headers: {} };
  if (rest.length === 0) {
    return { flashes, headers: { "Set-Cookie": await storage().destroySession(session, secure(request)) } };
  }
  session.set("waiting", rest);
  return { flashes, headers: { "Set-Cookie": await commit(request, session) } };
}

const commit = (request: Request, session: Awaited<ReturnType<ReturnType<typeof storage>["getSession"]>>) =>
  storage().commitSession(
    session as Parameters<ReturnType<typeof storage>["commitSession"]>[0],
    secure(request),
  );

const secure = (request: Request) => ({ secure: isSecure(request) });

/** A prefetch is not the person's arrival; `Sec-Purpose` is the Fetch standard's word, the others older ones. */
const isPrefetch = ({ headers }: Request) =>
  ["Sec-Purpose", "Purpose", "X-Moz"].some((name) => headers.get(name)?.includes("prefetch"));

/** The path alone: a page that a form was sent from in place may have more in its query than the form knew. */
const pageOf = (url: string) => new URL(url, "http://localhost").pathname.replace(/\/+$/, "") || "/";

function clamp(text: string) {
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text;
  let kept = "";
  for (const character of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > MAX_TEXT_BYTES - 3) break;
    kept += character;
  }
  return `${kept}…`;
}
