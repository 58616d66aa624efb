/** Server-sent events (HTML Standard, 9.2): what a `StreamingHttpResponse` of `text/event-stream` stands for. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { singleton } from "#models/singleton.server";
import { log } from "./log.server";

/** Milliseconds between two looks at what is told. */
const LOOK = 500;
/** Milliseconds of silence after which a comment tells proxies that the stream lives. */
const HEARTBEAT = 15_000;
/** Milliseconds that a stream lasts; the browser then asks for another. */
const LIFE = 60_000;
/** Milliseconds after which the browser asks again. */
const RETRY = 2_000;
/** Streams that a process has open at the same time. Each is a query a look. */
const MOST = 500;

const streams = singleton("event streams", () => new Set<() => void>());

/** Ends every stream: the process is about to stop. */
export function endStreams() {
  for (const end of streams) end();
}

/**
 * A stream that tells what `look` finds whenever that has changed, as JSON, and ends with what is `last`. It ends as
 * well when the client leaves, the process stops, or `look` fails; browsers come back to it by themselves.
 *
 * @returns 503 where too many are open already.
 */
export function eventStream(
  { request, context }: Pick<LoaderFunctionArgs, "request" | "context">,
  look: () => Promise<{ data: unknown; last: boolean }>,
): Response {
  if (streams.size >= MOST) return new Response(null, { status: 503, headers: { "Retry-After": "5" } });
  const headers = {
    "Content-Type": "text/event-stream; charset=utf-8",
    // Neither compression here nor a proxy may hold events back.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder();
      let open = true;
      leave = () => {
        open = false;
        streams.delete(end);
      };
      const end = () => {
        if (!open) return;
        leave();
        controller.close();
      };
      streams.add(end);
      context.onClose?.(end);
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      void tell(look, write, () => open).finally(end);
    },
    // Then it is closed already.
    cancel: () => leave(),
  });
  return new Response(body, { headers });
}

async function tell(
  look: () => Promise<{ data: unknown; last: boolean }>,
  write: (text: string) => void,
  isOpen: () => boolean,
) {
  const began = Date.now();
  let told = "";
  let toldAt = began;
  try {
    while (isOpen() && Date.now() - began < LIFE) {
      const { data, last } = await look();
      if (!isOpen()) return;
      const text = JSON.stringify(data);
      const isNew = text !== told;
      if (isNew || Date.now() - toldAt >= HEARTBEAT) {
        write(isNew ? `retry: ${RETRY}\ndata: ${text}\n\n` : ": still here\n\n");
        toldAt = Date.now();
      }
      told = text;
      if (last) return;
      await sleep(LOOK, undefined, { ref: false });
    }
  } catch (error) {
    log().warn({ err: error }, "event stream: the database did not answer");
  }
}
