/** Files of the vault over HTTP: what Django's `FileResponse` stands for. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import contentDisposition from "content-disposition";
import type { Document } from "#models/document.server";
import { isFresh } from "~/services/conditional.server";
import * as files from "~/services/files.server";
import { notFound } from "~/services/http.server";
import { log } from "~/services/log.server";
import { streamed } from "~/services/stream.server";
import { Damaged, intact } from "./blocks.server";
import { rangeOf } from "./range.server";

type Args = Pick<LoaderFunctionArgs, "request" | "context">;

interface Body {
  size: number;
  /** What no other bytes have. */
  tag: string;
  type: string;
  disposition: string;
  /** Its bytes from `start` to `end`, both included. @throws Damaged. */
  bytes(start: number, end: number): AsyncGenerator<Uint8Array>;
}

/** What is sent here is nobody's page: it may run nothing, load nothing and be shown in nothing. */
const HEADERS = {
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "X-Content-Type-Options": "nosniff",
  // Who may not see it any more is to be told so; and a tag of these bytes is not one of others, compressed.
  "Cache-Control": "private, no-cache, no-transform",
  "Accept-Ranges": "bytes",
};

/** The file as it was sent, to be saved under its name. */
export const download = (args: Args, document: Document) =>
  unlessReplaced(document, () =>
    serve(args, {
      ...original(document),
      type: "application/octet-stream",
      disposition: called(document.filename, "attachment"),
    }),
  );

/** The file to be looked at; null where its kind is not shown. A picture is one that was drawn anew. */
export const preview = (args: Args, document: Document): Promise<Response | null> =>
  unlessReplaced(document, async () => {
    const { kind, filename, preview } = document;
    if (kind === "picture") return preview ? picture(args, preview) : null;
    if (!kind) return null;
    return serve(args, {
      ...original(document),
      type: kind === "pdf" ? "application/pdf" : "text/plain; charset=utf-8",
      disposition: called(filename, "inline"),
    });
  });

/** RFC 6266 and 8187: the name in full, and one in ASCII for who knows no better. */
const called = (filename: string, type: "attachment" | "inline") =>
  contentDisposition(filename, {
    type,
    fallback: filename
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[^\x20-\x7e]/gu, "_"),
  });

const original = (document: Document) => ({
  size: document.size,
  tag: document.sha256,
  bytes: (start: number, end: number) => intact(document, start, end),
});

async function picture(args: Args, key: string): Promise<Response> {
  const problem = await files.problemOf(key);
  const file = await files.open(key);
  if (problem || !file) throw new Damaged({ key }, problem ?? "missing");
  return serve(args, {
    size: file.size,
    tag: key.slice(key.indexOf("/") + 1),
    type: "image/webp",
    disposition: "inline",
    bytes: async function* (start, end) {
      const part = await files.open(key, { start, end });
      if (part) yield* part.bytes;
    },
  });
}

async function serve({ request, context }: Args, body: Body): Promise<Response> {
  const { size, type, disposition } = body;
  const etag = `"${body.tag}"`;
  const headers = new Headers({ ...HEADERS, ETag: etag });
  if (isAnother(request, etag)) return new Response(null, { status: 412, headers });
  if (isFresh(request, etag)) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, size, etag);
  if (range === "unsatisfiable") {
    headers.set("Content-Range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  headers.set("Content-Type", type);
  headers.set("Content-Disposition", disposition);
  headers.set("Content-Length", String(end - start + 1));
  if (range) headers.set("Content-Range", `bytes ${start}-${end}/${size}`);
  const status = range ? 206 : 200;
  if (request.method === "HEAD") return new Response(null, { status, headers });
  const bytes = body.bytes(start, end);
  // Where the first block is damaged there is still time to say so.
  const first = await bytes.next();
  return new Response(streamed({ request, context }, beginningWith(first, bytes)), { status, headers });
}

/** `If-Match` (RFC 9110, 13.1.1): whether the client means a file that this is not any more. */
function isAnother({ headers }: Request, etag: string): boolean {
  const tags = headers.get("If-Match");
  return tags !== null && tags.trim() !== "*" && tags.split(",").every((tag) => tag.trim() !== etag);
}

/**
 * Nothing of a damaged file is sent as if it were good. But one that is missing may just have been replaced, or deleted
 * for good, since its row was read.
 */
async function unlessReplaced<Answer>(
  document: Document,
  answer: () => Promise<Answer>,
): Promise<Answer | Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const { id, key } = document;
    await document.reload({ paranoid: false }).catch(() => {
      throw notFound();
    });
    if (document.key !== key) return answer();
    log().error({ err: error, document: id }, "a file of the vault cannot be sent");
    const text = "This file is missing or damaged here, so it was not sent. Tell who runs this site.\n";
    return new Response(text, { status: 500, headers: { "Content-Type": "text/plain; charset=utf-8" } });
  }
}

/** Has it noted who is sent a file, before anything of it goes out. */
export async function noting(answer: Response, note: () => Promise<void>): Promise<Response> {
  try {
    if (answer.body && answer.ok) await note();
    return answer;
  } catch (error) {
    await answer.body?.cancel();
    throw error;
  }
}

async function* beginningWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
