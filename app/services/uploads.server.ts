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

/** A field of a form that takes one file. */
export interface FileField<Kept> {
  /** How a sentence about it begins: "The picture". */
  label: string;
  maxBytes: number;
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
  [Name in keyof Files]?: Files[Name] extends FileField<infer Kept> ? Kept : never;
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
 * text belongs; 413 when its text is longer than the gate lets into other forms. Nothing is kept then.
 */
export async function readUpload<Schema extends z.ZodObject, Files extends FileFields>(
  request: Request,
  schema: Schema,
  files: Files,
) {
  const { fields, received } = await receive(request, Object.keys(schema.shape), files);
  const form = checkFields(fields, schema);
  const kept = Object.fromEntries(received.filter(({ value }) => value !== undefined).map(pair));
  const refusals = Object.entries(files).flatMap(([name, { required }]) => {
    const found = received.find((file) => file.name === name);
    if (found?.refusal) return { name, message: found.refusal.message };
    return required && !found ? { name, message: required } : [];
  });
  if (!form.problem && refusals.length === 0) {
    return { value: form.value, typed: form.typed, files: kept as KeptFiles<Files> };
  }
  const { values, errors } = form.problem ?? { values: form.typed, errors: [] };
  const problem: Problem = { values, errors: [...errors, ...refusals] };
  for (const name of Object.keys(kept)) {
    await files[name]?.discard(kept[name]);
    problem.errors.push({
      name,
      message: `${files[name]?.label} was not saved. Choose it again where the field is empty`,
    });
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

const pair = ({ name, value }: Received) => [name, value] as const;

const notAFile = (name: string, { label }: FileField<unknown>): Received => ({
  name,
  refusal: new FileRefused(`${label} did not arrive as a file. Choose it again`),
});

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
  const parser = parserFor(request, Object.keys(files).length);
  const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  const fields = new FormData();
  const streams: BusboyFileStream[] = [];
  const taking: Promise<Received | null>[] = [];
  const taken = new Set<string>();
  let characters = 0;

  const parsed = new Promise<void>((resolve, reject) => {
    parser.on("field", (name, value, _, truncated) => {
      characters += value.length;
      if (truncated || characters > TEXT_LIMIT) return reject(contentTooLarge());
      if (names.includes(name)) return fields.append(name, value);
      const field = files[name];
      if (!field || !value) return;
      if (taken.has(name)) return reject(badRequest());
      taken.add(name);
      taking.push(Promise.resolve(notAFile(name, field)));
    });
    parser.on("file", (name, stream, filename) => {
      streams.push(stream);
      const field = files[name];
      if (names.includes(name) || taken.has(name)) reject(badRequest());
      if (!field || taken.has(name)) return void stream.on("error", () => {}).resume();
      taken.add(name);
      const outcome = takeFile(name, field, stream, filename);
      outcome.catch(reject);
      taking.push(outcome);
    });
    for (const event of ["partsLimit", "filesLimit", "fieldsLimit"]) {
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
  const bytes = bytesOf(stream, field);
  try {
    const first = await bytes.next();
    if (!first.done) return { name, value: await field.take(beginningWith(first.value, bytes), filename) };
    if (!filename) return null;
    throw new FileRefused(`${field.label} is empty. Choose another`);
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
