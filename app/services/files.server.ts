/**
 * The file store: what Django's `FileSystemStorage` stands for. A file is whole and on disk before its key is known,
 * never changes after, and belongs to one upload: nothing is shared.
 *
 * A row that gets another file keeps this order, so that it points to a file at any moment: `put` the new one, commit
 * the row that points to it, `remove` the old one. What a kill leaves behind on the way is for `sweep`.
 */
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { singleton } from "#models/singleton.server";
import { readSettings } from "./config.server";
import { log } from "./log.server";

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface StoredFile {
  /** What a row keeps: `avatars/<unguessable>-<hash of the content>.webp`. */
  key: string;
  size: number;
  /** In hexadecimal. */
  sha256: string;
}

/** Who points to the files of an area: what a feature exports as `files`. */
export interface FileOwner {
  /** Lowercase letters. */
  area: string;
  /** Every key that a row points to. */
  keys(): AsyncIterable<string>;
}

/** A file that cannot be taken. Its message is for the person who sent it. */
export class FileRefused extends Error {}

/** The disk has no room for it. */
export class DiskFull extends FileRefused {
  constructor() {
    super("There is no room left here for this file. Nothing was changed. Tell who runs this site");
  }
}

/** A hash of the content makes the key good for a URL that never changes, and tells a damaged file. */
const KEY = /^[a-z]+\/[0-9a-f]{32}-([0-9a-f]{32})(\.[a-z0-9]{1,8})?$/;
const HASH_LENGTH = 32;
/** Where files are while they arrive. */
const TEMPORARY = "tmp";
const NO_ROOM = ["ENOSPC", "EDQUOT", "EFBIG"];

const root = () => singleton("uploads", () => resolve(readSettings(process.env).UPLOADS));
const newName = () => randomBytes(16).toString("hex");
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

/** Where a key's file is: always in the folder of its area, whatever the text. null for what is no key. */
const pathOf = (key: string) => (KEY.test(key) ? join(root(), key) : null);

/**
 * Keeps what arrives. The file is whole, named and on disk when this resolves; where it rejects, nothing of it is left.
 *
 * @throws DiskFull, or what `bytes` throws.
 */
export async function put(bytes: Bytes, { area, extension = "" }: { area: string; extension?: string }) {
  if (area === TEMPORARY) throw new Error("The store keeps this folder for itself.");
  const { path, ...file } = await receive(bytes, { durable: true });
  const key = `${area}/${newName()}-${file.sha256.slice(0, HASH_LENGTH)}${extension && `.${extension}`}`;
  try {
    const to = pathOf(key);
    if (!to) throw new Error(`${key} would be no key.`);
    const made = await fs.mkdir(dirname(to), { recursive: true });
    if (made) await syncFolder(dirname(made));
    await fs.rename(path, to);
    await syncFolder(dirname(to)).catch(async (error: unknown) => {
      await fs.rm(to, { force: true });
      throw error;
    });
    return { key, ...file } satisfies StoredFile;
  } catch (error) {
    await fs.rm(path, { force: true });
    throw refusal(error);
  }
}

/** Holds what arrives in a file for as long as `work` takes. @throws DiskFull, or what `bytes` or `work` throws. */
export async function withTemporary<T>(bytes: Bytes, work: (path: string) => Promise<T>): Promise<T> {
  const { path } = await receive(bytes, { durable: false });
  try {
    return await work(path);
  } finally {
    await fs.rm(path, { force: true });
  }
}

/** Writes to a file with a name of its own, counting and hashing on the way. */
async function receive(bytes: Bytes, { durable }: { durable: boolean }) {
  const hash = createHash("sha256");
  let size = 0;
  async function* measured() {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      hash.update(chunk);
      yield chunk;
    }
  }
  const path = join(root(), TEMPORARY, newName());
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    const file = await fs.open(path, "wx", 0o600);
    try {
      await fs.writeFile(file, measured());
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    return { path, size, sha256: hash.digest("hex") };
  } catch (error) {
    await fs.rm(path, { force: true });
    throw refusal(error);
  }
}

const refusal = (error: unknown) => (NO_ROOM.includes(codeOf(error)) ? new DiskFull() : error);

/** A name is on disk only when its folder is. Windows knows no such thing. */
async function syncFolder(path: string) {
  if (process.platform === "win32") return;
  const folder = await fs.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface OpenedFile {
  size: number;
  bytes: AsyncIterable<Uint8Array>;
}

export interface Part {
  start?: number;
  end?: number;
  /** Bytes that are read at once. */
  chunk?: number;
}

/**
 * A file's size, and its bytes from `start` to `end`, both included, counted from 0; null where there is none. It is
 * opened when the first byte is asked for.
 */
export async function open(key: string, part: Part = {}): Promise<OpenedFile | null> {
  const path = pathOf(key);
  const found = path && (await fs.stat(path).catch(missing));
  return found ? { size: found.size, bytes: read(path, part) } : null;
}

async function* read(path: string, { start = 0, end, chunk }: Part): AsyncGenerator<Uint8Array> {
  const file = await fs.open(path, "r");
  try {
    yield* file.createReadStream({ start, end, highWaterMark: chunk, autoClose: false });
  } finally {
    await file.close();
  }
}

function missing(error: unknown) {
  if (codeOf(error) !== "ENOENT") throw error;
  return null;
}

/** Deletes files that no row points to any more. One that cannot be deleted is left to the sweep. */
export async function remove(...keys: string[]) {
  for (const path of keys.map(pathOf)) {
    if (!path) continue;
    await fs.rm(path, { force: true }).catch((error: Error) => {
      log().error({ err: error }, "a file could not be deleted");
    });
  }
}

export interface AreaReport {
  area: string;
  /** How many files rows point to. */
  files: number;
  /** Keys of files that are not there. */
  missing: string[];
  /** Keys of files whose content is not what it was. */
  damaged: string[];
  /** Keys of files that no row points to: left behind, or of an upload under way. */
  orphans: string[];
}

/** Holds rows against files, and the content of each file, which it reads whole, against the hash in its key. */
export async function verify(owners: FileOwner[]): Promise<AreaReport[]> {
  const reports: AreaReport[] = [];
  for (const { area, keys } of owners) {
    const there = new Set(await keysIn(area));
    const report: AreaReport = { area, files: 0, missing: [], damaged: [], orphans: [] };
    const wrong = new Map<string, "missing" | "damaged">();
    for await (const key of keys()) {
      report.files += 1;
      const problem = await problemOf(key);
      if (problem) wrong.set(key, problem);
      there.delete(key);
    }
    // One that was replaced meanwhile is gone for a good reason.
    if (wrong.size > 0) for await (const key of keys()) if (wrong.has(key)) report[wrong.get(key)!].push(key);
    report.orphans = [...there];
    reports.push(report);
  }
  return reports;
}

/** Reads a file whole, and holds it against the hash in its key. */
export async function problemOf(key: string) {
  const hash = createHash("sha256");
  try {
    const file = await open(key);
    if (!file) return "missing";
    for await (const chunk of file.bytes) hash.update(chunk);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "missing";
    throw error;
  }
  return hash.digest("hex").slice(0, HASH_LENGTH) === KEY.exec(key)?.[1] ? null : "damaged";
}

/**
 * Deletes what no row points to and what stopped arriving, where it is older than `olderThan` milliseconds: what is
 * younger may be of an upload whose row is not committed yet. What no owner claims stays.
 *
 * @returns how many files by area; with `dryRun` how many it would be.
 */
export async function sweep(
  owners: FileOwner[],
  { olderThan, dryRun = false }: { olderThan: number; dryRun?: boolean },
): Promise<{ area: string; removed: number }[]> {
  const latest = Date.now() - olderThan;
  const swept = [];
  for (const { area, keys } of owners) {
    // Before the rows: what comes to be pointed to meanwhile is younger than this list.
    const old = (await filesOf(area)).filter(({ changedAt }) => changedAt <= latest);
    const orphans = new Map(old.map(({ key, path }) => [key, path]));
    for await (const key of keys()) orphans.delete(key);
    swept.push({ area, paths: [...orphans.values()] });
  }
  const stale = (await list(TEMPORARY)).filter(({ changedAt }) => changedAt <= latest);
  swept.push({ area: TEMPORARY, paths: stale.map(({ path }) => path) });
  if (!dryRun) for (const { paths } of swept) for (const path of paths) await fs.rm(path, { force: true });
  return swept.map(({ area, paths }) => ({ area, removed: paths.length }));
}

/** The files of an area that the store has named. */
const filesOf = async (area: string) => (await list(area)).filter(({ key }) => KEY.test(key));

/** The keys of the files that there are in an area, whether a row points to them or not. */
export const keysIn = async (area: string) => (await filesOf(area)).map(({ key }) => key);

async function list(folder: string) {
  const names = await fs.readdir(join(root(), folder)).catch(missing);
  const files = [];
  for (const name of names ?? []) {
    const path = join(root(), folder, name);
    const found = await fs.stat(path).catch(missing);
    if (found?.isFile()) files.push({ key: `${folder}/${name}`, path, changedAt: found.mtimeMs });
  }
  return files;
}
