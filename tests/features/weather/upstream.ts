/** A server on loopback that stands for wttr.in and does what a test wants of it. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { CITIES, documentOf } from "~/features/weather/stub-weather.server";

/** London's document as text, with parts changed. */
export function london(change: (document: ReturnType<typeof documentOf>) => unknown = () => {}) {
  const document = documentOf(CITIES.get("london")!, new Date("2026-04-03T13:05:00Z"));
  change(document);
  return JSON.stringify(document);
}

/** Answers with a status, a body and, as wttr.in does, its type. */
export const says =
  (status: number, body: string, type = "application/json"): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { "Content-Type": type }).end(body);

export interface Upstream {
  url: string;
  /** What it was asked for: paths and queries as they came. */
  asked: string[];
  /** How it answers from now on. */
  set(listener: RequestListener): void;
  stop(): void;
}

/** Starts one that runs until the test ends. */
export async function startUpstream(listener: RequestListener = says(200, london())): Promise<Upstream> {
  const asked: string[] = [];
  let answer = listener;
  const server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    set(next) {
      answer = next;
    },
    stop,
  };
}
