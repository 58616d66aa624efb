/**
 * Forms with files: what Django's `request.FILES` and upload handlers stand for. A file is handed on while it arrives
 * and never held whole in memory. Nothing is believed of what the client says about it.
 */
import { Readable } from "node:stream";
import { type BusboyFileStream, type BusboyInstance, Busboy as busboy } from "@fastify/busboy";
import type { z } from "zod";
import { tooLarge } from "~/components/file-size";
import type { Problem } from "~/components/problem";
import { DiskFull, FileRefused } from "./files.server";
import { checkFields, readFields } from "./forms.server";
import { withinLimit } from "./gate.server";
import { badRequest, contentTooLarge } from "./http.server";

/** A field of a form that takes a file, or several. */
export interface FileField<Kept> {
  /** How a sentence about it begins: "The picture". */
  label: string;
  maxBytes: number;
  /** How many files it takes: what was kept is a list then. Without it, one. */
  most?: number;
  /** What to say where none was chosen; without it none is needed. */
  required?: string;
  /**
   * Takes the bytes while they arrive. `filename` is what the client calls the file: any text at all.
   *
   * @throws FileRefused, with words for the person.
   */
  take(bytes: AsyncIterable<Uint8Array>, filename: string): Promise<Kept>;
  /** Takes back what was kept, where the form is refused after all. */
  discard(kept: Kept): Promise<unknown>;
}

type FileFields = Record<string, FileField<unknown>>;
type KeptFiles<Files extends FileFields> = {
  [Name in keyof Files]?: Files[Name] extends FileField<infer Kept>
    ? Files[Name] extends { most: number }
      ? Kept[]
      : Kept
    : never;
};

/** Characters of all text fields together: as many bytes as the gate lets into a form without files. */
const TEXT_LIMIT = 1_000_000;
/** More text fields than any form of ours has. */
const FIELDS_LIMIT = 200;
/** Insufficient Storage (RFC 4918, 11.5). */
const NO_ROOM = 507;

/**
 * Reads a form by its schema, like `readForm`, and hands each of its files to its field. The result has what the
 * fields kept, by name; where the form is refused they have taken it back, and `status` is what to answer with.
 *
 * The route has to say in its `handle` how large a body it takes: see `bodyLimit` of the gate.
 *
 * @throws 400 when the body is malformed or stops half-way, when it has more parts than a form of ours, or a file where
 * text belongs, or more than one where there may be one; 413 when its text is longer than the gate lets into other forms. Nothing is kept then.
 */
export async function readUpload<Schema extends z.ZodObject, Files extends FileFields>(
  request: Request,
  schema: Schema,
  files: Files,
) {
  const { fields, received } = await receive(request, Object.keys(schema.shape), files);
  const form = await checkFields(fields, schema);
  const ofField = Object.entries(files).map(([name, field]) => {
    const all = received.filter((file) => file.name === name);
    const kept = all.flatMap(({ value }) => (value === undefined ? [] : [value]));
    const refusals = all.flatMap(({ refusal }) => refusal?.message ?? []);
    return { name, field, kept, message: refusals.join(". ") || (all.length === 0 && field.required) };
  });
  if (!form.problem && ofField.every(({ message }) => !message)) {
    const kept = ofField.filter(({ kept }) => kept.length > 0);
    const values = kept.map(({ name, field, kept }) => [name, field.most ? kept : kept[0]]);
    return { value: form.value, typed: form.typed, files: Object.fromEntries(values) as KeptFiles<Files> };
  }
  const { values, errors } = form.problem ?? { values: form.typed, errors: [] };
  const problem: Problem = { values, errors: [...errors] };
  for (const { name, field, kept, message } of ofField) {
    for (const value of kept) await field.discard(value);
    const again = `${field.label} was not saved. Choose it again where the field is empty`;
    const others = message && kept.length > 0 ? `${message}. The others were not saved either` : message;
    const told = others || (kept.length > 0 && again);
    if (told) problem.errors.push({ name, message: told });
  }
  const isFull = received.some(({ refusal }) => refusal instanceof DiskFull);
  return { problem, status: isFull ? NO_ROOM : 422 };
}

/** What came of one file: kept, or refused with words for the person. */
interface Received {
  name: string;
  value?: unknown;
  refusal?: FileRefused;
}

const notAFile = (name: string, { label }: FileField<unknown>): Received => ({
  name,
  refusal: new FileRefused(`${label} did not arrive as a file. Choose it again`),
});

/** What to say of files beyond those that a field takes; null where no field takes several. */
function refusalOfMore(files: FileFields): Received | null {
  const [name, field] = Object.entries(files).find(([, { most }]) => most) ?? [];
  if (!name) return null;
  const refusal = new FileRefused(`Choose at most ${field?.most} files; those after them were refused`);
  return { name, refusal };
}

async function receive(request: Request, names: string[], files: FileFields) {
  if (request.headers.get("Content-Type")?.startsWith("multipart/form-data")) {
    return receiveMultipart(request, names, files);
  }
  // A form without `enctype` sends the name of the file as text.
  const fields = await withinLimit(TEXT_LIMIT, request, readFields);
  const received = Object.keys(files).flatMap((name) =>
    fields.get(name) ? [notAFile(name, files[name]!)] : [],
  );
  return { fields, received };
}

async function receiveMultipart(request: Request, names: string[], files: FileFields) {
  const parser = parserFor(
    request,
    Object.values(files).reduce((sum, { most = 1 }) => sum + most, 0),
  );
  const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  const fields = new FormData();
  const streams: BusboyFileStream[] = [];
  const taking: Promise<Received | null>[] = [];
  const taken = new Map<string, number>();
  let characters = 0;

  const fieldOf = (name: string) => (Object.hasOwn(files, name) ? files[name] : undefined);
  /** Whether the field takes one more, which then counts. */
  const takesMore = (name: string, { most = 1 }: FileField<unknown>) => {
    const count = taken.get(name) ?? 0;
    taken.set(name, count + 1);
    return count < most;
  };
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on("field", (name, value, _, truncated) => {
      characters += value.length;
      if (truncated || characters > TEXT_LIMIT) return reject(contentTooLarge());
      if (names.includes(name)) return fields.append(name, value);
      const field = fieldOf(name);
      if (!field || !value) return;
      if (!takesMore(name, field)) return reject(badRequest());
      taking.push(Promise.resolve(notAFile(name, field)));
    });
    parser.on("file", (name, stream, filename) => {
      streams.push(stream);
      const field = fieldOf(name);
      const isTaken = field && takesMore(name, field);
      if (names.includes(name) || (field && !isTaken)) reject(badRequest());
      if (!field || !isTaken) return void stream.on("error", () => {}).resume();
      const outcome = takeFile(name, field, stream, filename);
      outcome.catch(reject);
      taking.push(outcome);
    });
    parser.on("filesLimit", () => {
      const tooMany = refusalOfMore(files);
      if (!tooMany) return reject(badRequest());
      taking.push(Promise.resolve(tooMany));
    });
    for (const event of ["partsLimit", "fieldsLimit"]) {
      parser.on(event, () => reject(badRequest()));
    }
    parser.on("error", () => reject(badRequest()));
    parser.on("finish", resolve);
    body.on("error", () => reject(badRequest())).pipe(parser);
  });
  try {
    await parsed;
    const all = await Promise.all(taking);
    return { fields, received: all.filter((received) => received !== null) };
  } catch (error) {
    // Not destroyed: that would cut the connection before the answer.
    body.unpipe(parser);
    for (const stream of streams) stream.destroy(new Error("The upload was broken off."));
    for (const outcome of await Promise.allSettled(taking)) {
      if (outcome.status !== "fulfilled" || outcome.value?.value === undefined) continue;
      await files[outcome.value.name]?.discard(outcome.value.value);
    }
    throw error;
  }
}

/** @throws 400 where the request names no boundary, or has no body. */
function parserFor({ headers, body }: Request, filesLimit: number): BusboyInstance {
  if (!body) throw badRequest();
  try {
    return busboy({
      headers: { "content-type": headers.get("Content-Type") ?? "" },
      isPartAFile: (_name, _type, filename) => filename !== undefined,
      limits: {
        fieldSize: TEXT_LIMIT,
        fields: FIELDS_LIMIT,
        files: filesLimit,
        parts: FIELDS_LIMIT + filesLimit,
        headerSize: 64 * 1024,
      },
    });
  } catch {
    throw badRequest();
  }
}

/** Hands a file to its field. null where none was chosen: a browser sends a part without name and content then. */
async function takeFile(
  name: string,
  field: FileField<unknown>,
  stream: BusboyFileStream,
  filename: string,
): Promise<Received | null> {
  // Of several the person has to be told which.
  const label = field.most && filename ? `“${filename}”` : field.label;
  const bytes = bytesOf(stream, { ...field, label });
  try {
    const first = await bytes.next();
    if (!first.done) return { name, value: await field.take(beginningWith(first.value, bytes), filename) };
    if (!filename) return null;
    throw new FileRefused(`${label} is empty. Choose another`);
  } catch (error) {
    if (error instanceof FileRefused) return { name, refusal: error };
    throw error;
  } finally {
    // Whatever was not read has to go by before the next part can come. A stream that is being listened to for
    // `readable`, as by an iterator that nobody has ended, would not flow.
    stream
      .removeAllListeners("readable")
      .on("error", () => {})
      .resume();
  }
}

async function* bytesOf(stream: BusboyFileStream, { label, maxBytes }: FileField<unknown>) {
  let size = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    size += (chunk as Uint8Array).byteLength;
    if (size > maxBytes) throw new FileRefused(tooLarge(label, maxBytes));
    yield chunk as Uint8Array;
  }
}

async function* beginningWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>) {
  yield first;
  yield* rest;
}
