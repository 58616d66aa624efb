/** Files too large to be held in memory: they are made, sent, received and hashed bit by bit. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";

const CHUNK = 2 ** 16;
const BOUNDARY = "----tenfold-large";

/** What every large file is made of: bytes that look like no pattern, from a small generator with a fixed seed. */
const material = (() => {
  const bytes = Buffer.alloc(16 * CHUNK);
  let state = 42;
  for (let at = 0; at < bytes.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
})();

/** A file of that many bytes, the same at every run. */
export function* largeFile(size: number): Generator<Buffer> {
  for (let sent = 0; sent < size; ) {
    const at = sent % material.length;
    const chunk = material.subarray(at, Math.min(at + CHUNK, at + size - sent));
    sent += chunk.length;
    yield chunk;
  }
}

/** The SHA-256 of such a file, in hexadecimal. */
export function hashOf(size: number): string {
  const hash = createHash("sha256");
  for (const chunk of largeFile(size)) hash.update(chunk);
  return hash.digest("hex");
}

/** Posts a form with one such file, no faster than it is taken. @returns the answer, without its body. */
export async function postLarge(
  port: number,
  path: string,
  size: number,
  headers: Record<string, string>,
  fields: Record<string, string> = {},
): Promise<IncomingMessage> {
  const texts = Object.entries(fields).map(
    ([name, text]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
  );
  const head = `${texts.join("")}--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n`;
  const end = `\r\n--${BOUNDARY}--\r\n`;
  const request = httpRequest({
    host: "127.0.0.1",
    port,
    method: "POST",
    path,
    agent: false,
    headers: {
      ...headers,
      "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`,
      "Content-Length": head.length + size + end.length,
    },
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  request.write(head);
  for (const chunk of largeFile(size)) if (!request.write(chunk)) await once(request, "drain");
  request.end(end);
  const [answer] = await answered;
  answer.resume();
  await once(answer, "end");
  return answer;
}

/** What came of a download. */
export interface Received {
  status: number;
  headers: IncomingMessage["headers"];
  size: number;
  sha256: string;
  /** Whether the connection ended before all of it had come. */
  isCut: boolean;
}

/** Downloads, and keeps nothing of it; where it is not to be `hashed`, the hash is of nothing. */
export async function getLarge(
  port: number,
  path: string,
  headers: Record<string, string>,
  { hashed = true } = {},
): Promise<Received> {
  const request = httpRequest({ host: "127.0.0.1", port, path, headers, agent: false }).end();
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const hash = createHash("sha256");
  let size = 0;
  let isCut = false;
  try {
    for await (const chunk of answer) {
      size += chunk.length;
      if (hashed) hash.update(chunk);
    }
  } catch {
    isCut = true;
  }
  return { status: answer.statusCode!, headers: answer.headers, size, sha256: hash.digest("hex"), isCut };
}
