import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "~/components/nonce";
import { log } from "~/services/log.server";

// server.ts lives outside of the build: what it imported itself would exist twice. It takes these from here.
export { boot } from "~/boot.server";
export { gated, isCrossSite } from "~/services/gate.server";
export { narrowed, segmentOf } from "~/services/narrow.server";

/** Milliseconds; Remix keeps a timer this long for every answer. Nothing here is deferred. */
export const streamTimeout = 1_000;

/** Renders a whole document. It is sent in one piece, so that an error while rendering is still a 500. */
export default async function handleDocument(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  { cspNonce: nonce }: AppLoadContext,
) {
  const html = await new Promise<string>((resolve, reject) => {
    const { pipe } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={context} url={request.url} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        onAllReady: () => text(pipe(new PassThrough())).then(resolve, reject),
        onShellError: reject,
        onError: reject,
      },
    );
  });
  headers.set("Content-Type", "text/html; charset=utf-8");
  return new Response(html, { status, headers });
}

export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs) {
  if (!request.signal.aborted) log().error({ err: error, id: context?.requestId }, "unexpected error");
}
