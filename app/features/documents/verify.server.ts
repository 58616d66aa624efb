/** Holds every file of the vault against what was stored. */
import { createHash } from "node:crypto";
import { Document } from "#models/document.server";
import { type Problem, VaultCheck } from "#models/vault-check.server";
import * as files from "~/services/files.server";
import { Damaged, intact } from "./blocks.server";
import { AREA } from "./keep.server";

/** Reads every file whole. What it finds is kept, for the page of superusers. */
export async function verifyVault(signal?: AbortSignal) {
  const startedAt = new Date();
  const there = new Set(await files.keysIn(AREA));
  const problems: Problem[] = [];
  let documents = 0;
  let bytes = 0;
  for await (const document of Document.every()) {
    signal?.throwIfAborted();
    documents += 1;
    bytes += document.size;
    const found = await problemsOf(document);
    for (const key of document.fileKeys()) there.delete(key);
    // One that was replaced or deleted meanwhile is gone for a good reason.
    if (found.length > 0 && (await isAsItWas(document))) problems.push(...found);
  }
  const found = { startedAt, finishedAt: new Date(), documents, bytes, problems, orphans: [...there] };
  await VaultCheck.keep(found);
  return found;
}

async function problemsOf(document: Document): Promise<Problem[]> {
  const { id, title, key, preview } = document;
  const ofFile = await problemOfFile(document);
  const ofPreview = preview && (await files.problemOf(preview));
  const found: Problem[] = [];
  if (ofFile) found.push({ id, title, key, problem: ofFile });
  if (preview && ofPreview) found.push({ id, title, key: preview, problem: ofPreview });
  return found;
}

/** Holds the file against its blocks, as a download does, and the whole of it against its checksum. */
async function problemOfFile(document: Document): Promise<Problem["problem"] | null> {
  const hash = createHash("sha256");
  try {
    for await (const block of intact(document)) hash.update(block);
  } catch (error) {
    if (error instanceof Damaged) return error.what;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "missing";
    throw error;
  }
  return hash.digest("hex") === document.sha256 ? null : "damaged";
}

async function isAsItWas({ id, key }: Document) {
  const now = await Document.findByPk(id, { attributes: ["key"], paranoid: false });
  return now?.key === key;
}
