/**
 * Flash messages: what `django.contrib.messages` stands for. Each waits in a signed cookie of its own for the page that
 * the person lands on, is shown there, and is gone. Of its own, so that two tabs which act at once do not write over
 * each other's.
 */
import { randomBytes } from "node:crypto";
import { type Cookie, createCookie } from "@remix-run/node";
import type { Flash } from "~/components/flash-messages";
import { config } from "./config.server";
import { isSecure, safePath, safeRedirect } from "./http.server";

interface Waiting extends Flash {
  /** The path of the page that is to show it. */
  to: string;
  /** Milliseconds since 1970 at which it was left: the order in which several are shown. */
  at: number;
}

/** Seconds that a message waits for its page. */
const MAX_AGE = 300;
/** A browser sends all cookies in one header, and the server reads 16 kB of headers: 13 kB of messages at most. */
const MAX_WAITING = 6;
const MAX_COOKIE_BYTES = 2_200;
const MAX_TEXT_BYTES = 600;

/** No more than this are read: there are more only where somebody has made them up. */
const MOST_READ = 20;

/** The cookies of messages, with their name; what else the header holds is not ours to read. */
const PAIR = /(?:^|; *)((flash-[\w-]{8})=[^;]*)/g;

const cookieOf = (request: Request, name: string): Cookie =>
  createCookie(name, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: isSecure(request),
    maxAge: MAX_AGE,
    secrets: config().SESSION_SECRET,
  });

/** The messages that wait in a browser, the oldest first; `null` stands for what we did not sign. */
async function waitingIn(request: Request): Promise<{ cookie: Cookie; message: Waiting | null }[]> {
  const header = request.headers.get("Cookie");
  if (!header?.includes("flash-")) return [];
  const pairs = new Map([...header.matchAll(PAIR)].map(([, pair = "", name = ""]) => [name, pair]));
  const found = await Promise.all(
    [...pairs].slice(0, MOST_READ).map(async ([name, pair]) => {
      const cookie = cookieOf(request, name);
      // It parses what is signed and nothing else, but what is signed may still be no JSON.
      const message: unknown = await cookie.parse(pair).catch(() => null);
      return { cookie, message: isWaiting(message) ? message : null };
    }),
  );
  return found.sort((one, other) => (one.message?.at ?? 0) - (other.message?.at ?? 0));
}

const isWaiting = (value: unknown): value is Waiting =>
  typeof value === "object" && value !== null && "to" in value && "at" in value;

const clearing = (cookie: Cookie) => cookie.serialize("", { maxAge: 0, expires: new Date(0) });

/** A redirect to `to` that leaves a message for the page there. */
export async function redirectWithFlash(
  request: Request,
  to: string,
  flash: Flash,
  headers: Record<string, string> = {},
) {
  const page = safePath(to);
  const answer = new Headers(headers);
  const cookie = cookieOf(request, `flash-${randomBytes(6).toString("base64url")}`);
  const message: Waiting = { ...flash, text: clamp(flash.text), to: pageOf(page), at: Date.now() };
  const set = await cookie.serialize(message);
  // A path of thousands of characters leaves no room for a message; the browser would drop the cookie.
  if (Buffer.byteLength(set) <= MAX_COOKIE_BYTES) answer.append("Set-Cookie", set);
  const waiting = await waitingIn(request);
  for (const { cookie } of waiting.slice(0, Math.max(0, waiting.length + 1 - MAX_WAITING))) {
    answer.append("Set-Cookie", await clearing(cookie));
  }
  return safeRedirect(page, { headers: answer });
}

/** The messages for the page that `request` is for, and the headers that clear them. */
export async function takeFlash(request: Request): Promise<{ flashes: Flash[]; headers: Headers }> {
  const headers = new Headers();
  if (isPrefetch(request)) return { flashes: [], headers };
  const page = pageOf(request.url);
  const waiting = await waitingIn(request);
  const done = waiting.filter(({ message }) => !message || message.to === page);
  for (const { cookie } of done) headers.append("Set-Cookie", await clearing(cookie));
  const flashes = done.flatMap(({ message }) => (message ? [flashOf(message)] : []));
  return { flashes, headers };
}

const flashOf = ({ to: _to, at: _at, ...flash }: Waiting): Flash => flash;

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
