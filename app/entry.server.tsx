import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToString } from "react-dom/server";
import { NonceContext } from "~/components/nonce";
import { conditional } from "~/services/conditional.server";
import { log } from "~/services/log.server";

// server.ts lives outside of the build: what it imported itself would exist twice. It takes these from here.
export { boot } from "~/boot.server";
export { gated, isCrossSite } from "~/services/gate.server";
export { machineEndpoint } from "~/services/machines.server";
export { narrowed, segmentOf } from "~/services/narrow.server";
export { paced } from "~/services/stream.server";

/** Milliseconds; Remix keeps a timer this long for every answer. Nothing here is deferred. */
export const streamTimeout = 1_000;

/**
 * Renders a whole document. It is sent in one piece, so that an error while rendering is still a 500.
 *
 * React's streaming renderer costs twice as much and has nothing to stream here. So that the simple one can be
 * used, the loaders' data are read to their end first, and laid where Remix's `StreamTransfer` looks for them.
 */
export default async function handleDocument(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  { cspNonce: nonce }: AppLoadContext,
) {
  const value = await new Response(context.serverHandoffStream).text();
  const read = Object.assign(Promise.resolve(), { result: { done: true, value } });
  const html = renderToString(
    <NonceContext.Provider value={nonce}>
      <RemixServer
        context={{
          ...context,
          serverHandoffStream: new ReadableStream(),
          renderMeta: { streamCache: { 0: read } },
        }}
        url={request.url}
        nonce={nonce}
      />
    </NonceContext.Provider>,
  );
  headers.set("Content-Type", "text/html; charset=utf-8");
  // Its nonce is for this answer.
  keepPrivate(headers);
  const document = `<!DOCTYPE html>${squeezed(html, nonce ?? "")}`;
  // What sets a cookie, such as the one that ends a flash message, has to arrive.
  if (status !== 200 || headers.has("Set-Cookie")) return new Response(document, { status, headers });
  return conditional(request, document, { status, headers, without: nonce });
}

/** The data of a page without its document. */
export function handleDataRequest(answer: Response) {
  keepPrivate(answer.headers);
  return answer;
}

/** It may show who is signed in. */
function keepPrivate(headers: Headers) {
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
}

/** Remix prints its scripts for people to read, on each page anew. The nonce marks them: no text of a page can have it. */
function squeezed(html: string, nonce: string) {
  const mark = `<script nonce="${nonce}"`;
  const [page, ...scripts] = html.split(mark);
  const squeeze = (text: string) => {
    const end = text.indexOf("</script>");
    return text.slice(0, end).replace(/\n\s*/g, "") + text.slice(end);
  };
  return [page, ...scripts.map(squeeze)].join(mark);
}

export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs) {
  // What no route matches, not even the one for all else: the client's fault, not ours.
  if (isRouteErrorResponse(error) && error.status < 500) return;
  if (!request.signal.aborted) log().error({ err: error, id: context?.requestId }, "unexpected error");
}
