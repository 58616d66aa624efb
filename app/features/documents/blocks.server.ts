/**
 * Files in blocks, each with a hash of its own. So of any part of a file no byte is sent before its block was held
 * against what was stored.
 */
import { hash } from "node:crypto";
import type { StoredContent } from "#models/document.server";
import * as files from "~/services/files.server";
import { giveWay, SHORT } from "~/services/traffic.server";

/** Bytes. The last block of a file may be shorter. */
export const BLOCK = 2 ** 19;
const HASH = 32;
/** Milliseconds for which a block of an upload gives way to pages, so that they do not feel it. */
const WAY = 8;

const digest = (block: Uint8Array) => hash("sha256", block, "buffer");

/** A file is missing, or not what was stored. */
export class Damaged extends Error {
  constructor(
    { key }: { key: string },
    readonly what: "missing" | "damaged",
  ) {
    super(`${key} is ${what}`);
  }
}

/**
 * Passes bytes on in blocks. A block is good until the next one is asked for: all are the same piece of memory.
 *
 * @param seen is given each block with its hash.
 */
export async function* inBlocks(
  bytes: files.Bytes,
  seen: (block: Buffer, hash: Buffer) => void,
): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafe(BLOCK);
  const began = performance.now();
  let filled = 0;
  const block = () => {
    const whole = memory.subarray(0, filled);
    seen(whole, digest(whole));
    filled = 0;
    return whole;
  };
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength; ) {
      const part = chunk.subarray(at, at + BLOCK - filled);
      memory.set(part, filled);
      at += part.byteLength;
      filled += part.byteLength;
      if (filled < BLOCK) continue;
      yield block();
      // At first the request that brings the file counts as well.
      await giveWay(WAY, performance.now() - began < SHORT ? 1 : 0);
    }
  }
  if (filled > 0) yield block();
}

/**
 * The bytes of a stored file from `start` to `end`, both included. Whole blocks are read, and each is held against its
 * hash before anything of it is handed on.
 *
 * @throws Damaged where the file is not there, has another length, or a block is not what was stored.
 */
export async function* intact(
  content: Pick<StoredContent, "key" | "size" | "blocks">,
  start = 0,
  end = content.size - 1,
): AsyncGenerator<Uint8Array> {
  const { key, size, blocks } = content;
  let position = start - (start % BLOCK);
  const stop = Math.min(size, end - (end % BLOCK) + BLOCK);
  const file = await files.open(key, { start: position, end: stop - 1, chunk: BLOCK });
  if (!file) throw new Damaged(content, "missing");
  if (file.size !== size) throw new Damaged(content, "damaged");
  for await (const block of regrouped(file.bytes)) {
    const at = (position / BLOCK) * HASH;
    const isIntact =
      block.length === Math.min(BLOCK, size - position) &&
      digest(block).equals(blocks.subarray(at, at + HASH));
    if (!isIntact) throw new Damaged(content, "damaged");
    yield block.subarray(Math.max(0, start - position), end + 1 - position);
    position += block.length;
  }
  if (position !== stop) throw new Damaged(content, "damaged");
}

/** In blocks, whatever the pieces are that the disk hands out. */
async function* regrouped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    if (length === 0 && chunk.byteLength === BLOCK) {
      yield chunk;
      continue;
    }
    rest.push(chunk);
    length += chunk.byteLength;
    if (length < BLOCK) continue;
    const all = Buffer.concat(rest);
    yield all.subarray(0, BLOCK);
    rest = [all.subarray(BLOCK)];
    length -= BLOCK;
  }
  if (length > 0) yield Buffer.concat(rest);
}
