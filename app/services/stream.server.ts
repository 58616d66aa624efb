/** Answers that come bit by bit: what Django's `StreamingHttpResponse` and `FileResponse` stand for. */
import type { ServerResponse } from "node:http";
import type { LoaderFunctionArgs } from "@remix-run/node";

/**
 * The body of an answer, no faster than the client takes it: what it has not taken would wait in memory. A client that
 * leaves ends `bytes`; a HEAD request has no body and does not begin it.
 */
export function streamed(
  { request, context }: Pick<LoaderFunctionArgs, "request" | "context">,
  bytes: AsyncIterable<Uint8Array>,
): ReadableStream<Uint8Array> | null {
  if (request.method === "HEAD") return null;
  const parts = bytes[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const isThere = (await context.takesMore?.()) ?? true;
        const { done, value } = isThere ? await parts.next() : ((await parts.return?.()) ?? { done: true });
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return?.();
      },
    },
    // Nothing is fetched before somebody asks for it.
    { highWaterMark: 0 },
  );
}

/**
 * Watches an answer before anything of it is written. What it returns resolves when the client has taken what was
 * written so far: true, or false where it has left.
 */
export function paced(response: ServerResponse): () => Promise<boolean> {
  const write = response.write;
  const waiting: (() => void)[] = [];
  let hasRoom = true;
  response.write = ((...args: Parameters<typeof write>) => {
    hasRoom = write.apply(response, args);
    return hasRoom;
  }) as typeof write;
  const goOn = () => {
    hasRoom = true;
    for (const resolve of waiting.splice(0)) resolve();
  };
  response.on("drain", goOn).on("close", goOn);
  return async () => {
    if (!hasRoom && !response.destroyed) await new Promise<void>((resolve) => waiting.push(resolve));
    return !response.destroyed;
  };
}
