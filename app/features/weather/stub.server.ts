/** A stand-in for wttr.in on this machine: for development, demos and tests without internet. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CITIES, documentOf } from "./stub-weather.server";

/** How it answers: well, after 8 s, never, that its quota is used up, or that it is broken. */
export const MOODS = ["well", "slow", "never", "over-quota", "broken"] as const;
export type Mood = (typeof MOODS)[number];

const SLOW = 8_000;

export interface Stub {
  url: string;
  /** The paths and queries that it was asked for, as they came. */
  asked: string[];
  set(mood: Mood): void;
  stop(): Promise<void>;
}

/** Starts one on a port of this machine, 0 being any free one. `now` is the time of its weather; `tell` hears each question. */
export async function startStub({
  port = 0,
  mood = "well" as Mood,
  now = () => new Date(),
  tell = (_question: string): void => {},
} = {}): Promise<Stub> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    tell(request.url!);
    if (mood === "never") return;
    if (mood === "slow") setTimeout(() => answer(response, request.url!, now()), SLOW).unref();
    else if (mood === "over-quota") send(response, 200, "application/json", OVER_QUOTA);
    else if (mood === "broken") send(response, 503, "text/html", "<h1>Service Unavailable</h1>");
    else answer(response, request.url!, now());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    set(next) {
      mood = next;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

/** What wttr.in says over its quota, as JSON and with 200. */
export const OVER_QUOTA = "Unknown location; please try ~51.5073219,-0.1276474";

function answer(response: ServerResponse, url: string, now: Date) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const climate = CITIES.get(nameIn(pathname));
  if (searchParams.get("format") !== "j1" || !climate)
    send(response, 404, "text/plain", "location not found\n");
  else send(response, 200, "application/json", JSON.stringify(documentOf(climate, now)));
}

function nameIn(pathname: string) {
  try {
    return decodeURIComponent(pathname.slice(1)).replace(/^~/, "").toLowerCase();
  } catch {
    return "";
  }
}

function send(response: ServerResponse, status: number, type: string, body: string) {
  response.writeHead(status, { "Content-Type": type }).end(body);
}
