/** Takes files into the vault while they arrive. */

import type { Kind, StoredContent } from "#models/document.server";
import { cleanFilename } from "#models/document-filename";
import { config } from "~/services/config.server";
import * as files from "~/services/files.server";
import { webpWithin } from "~/services/images.server";
import type { FileField } from "~/services/uploads.server";
import { BLOCK, inBlocks, intact } from "./blocks.server";
import { kindOf } from "./kind.server";
import { MOST_FILES } from "./limits";

export const AREA = "documents";
/** Pixels of the longer side of a picture that is shown. */
const SIDE = 1_200;
/** Bytes of a picture that is drawn to be shown. */
const LARGEST_PICTURE = 25 * 2 ** 20;

/** A file that is kept, with the name that it came with. */
export interface Kept extends StoredContent {
  filename: string;
}

/** Keeps a file under a key of its own. @throws FileRefused, with words for the person, or what `bytes` throws. */
export async function keep(bytes: files.Bytes, filename: string): Promise<Kept> {
  const hashes: Buffer[] = [];
  let kind: Kind | null = null;
  const blocks = inBlocks(bytes, (block, hash) => {
    if (hashes.length === 0) kind = kindOf(block);
    hashes.push(hash);
  });
  const file = await files.put(blocks, { area: AREA });
  const content = { ...file, blocks: Buffer.concat(hashes), preview: null };
  try {
    return { ...content, ...(await shownAs(kind, content)), filename: cleanFilename(filename) };
  } catch (error) {
    await files.remove(file.key);
    throw error;
  }
}

/** How it may be shown; a picture is drawn anew for that. One that cannot be drawn is kept, and not shown. */
async function shownAs(
  kind: Kind | null,
  content: Pick<StoredContent, "key" | "size" | "blocks">,
): Promise<Pick<StoredContent, "kind" | "preview">> {
  const nothing = { kind: null, preview: null };
  if (kind === "text") return content.size > BLOCK ? nothing : { kind, preview: null };
  if (kind !== "picture") return { kind, preview: null };
  if (content.size > LARGEST_PICTURE) return nothing;
  try {
    const { data } = await files.withTemporary(intact(content), (path) => webpWithin(path, SIDE));
    const { key } = await files.put([data], { area: AREA, extension: "webp" });
    return { kind, preview: key };
  } catch (error) {
    if (error instanceof files.DiskFull || !(error instanceof files.FileRefused)) throw error;
    return nothing;
  }
}

/** The keys of what was kept. */
export const keysOf = ({ key, preview }: StoredContent) => (preview ? [key, preview] : [key]);

/** The field of a form that takes one file. */
export const fileField = (): FileField<Kept> => ({
  label: "The file",
  maxBytes: config().DOCUMENT_LIMIT,
  take: keep,
  discard: (kept) => files.remove(...keysOf(kept)),
});

/** The same for several. */
export const filesField = (): FileField<Kept> & { most: number } => ({
  ...fileField(),
  most: MOST_FILES,
  required: "Choose a file",
});

/** Bytes of a form with that many files: beside them there is little text. */
export const formLimit = (most: number) => config().DOCUMENT_LIMIT * most + 1_000_000;
