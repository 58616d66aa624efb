/** Forms: what `django.forms` stands for. A zod schema reads them; what is wrong goes back with what was typed. */
import { data } from "@remix-run/node";
import { z } from "zod";
import type { Problem } from "~/components/problem";
import { THEIRS } from "~/components/theirs";
import { badRequest } from "./http.server";

const URLENCODED = /^application\/x-www-form-urlencoded\s*(;|$)/i;
/** As Django's DATA_UPLOAD_MAX_NUMBER_FIELDS, but for thousands of rows that are selected in the admin. */
const MOST_FIELDS = 10_000;

/**
 * The fields of a form request.
 *
 * @throws 400 when the body is not what its type says, such as broken percent-encoding or malformed multipart, and for
 * more than 10,000 fields.
 */
export async function readFields(request: Request): Promise<FormData> {
  try {
    if (!URLENCODED.test(request.headers.get("Content-Type") ?? "")) return await request.formData();
    const body = await request.text();
    if (body.split("&", MOST_FIELDS + 1).length > MOST_FIELDS) throw badRequest();
    // URLSearchParams would take broken percent-encoding for text and store it damaged.
    decodeURIComponent(body.replaceAll("+", " "));
    const fields = new FormData();
    for (const [name, value] of new URLSearchParams(body)) fields.append(name, value);
    return fields;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) throw badRequest();
    throw error;
  }
}

/** A field whose value never goes back to the page, such as a password. */
export const secretField = (empty: string) => z.string(empty).min(1, empty).meta({ secret: true });

/**
 * Reads a form by its schema: its `value` with what was `typed`, or the `problem` to answer with. A field whose
 * schema is an array takes every value of that name; typed again it is one text, a line a value.
 *
 * @throws 400 when the body is malformed.
 */
export async function readForm<Schema extends z.ZodObject>(request: Request, schema: Schema) {
  return checkFields(await readFields(request), schema);
}

type Fields = Pick<FormData, "get" | "getAll">;

/** Holds fields against a schema: their `value` with what was `typed`, or the `problem`. */
export async function checkFields<Schema extends z.ZodObject>(fields: Fields, schema: Schema) {
  const names = Object.keys(schema.shape);
  const isList = (name: string) => schema.shape[name] instanceof z.ZodArray;
  const typed = Object.fromEntries(
    names.map((name) => [name, isList(name) ? fields.getAll(name) : (fields.get(name) ?? undefined)]),
  );
  const result = await schema.safeParseAsync(typed);
  const values = Object.entries(typed)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join("\n") : value] as const)
    .filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" && !(schema.shape[entry[0]] as z.ZodType).meta()?.secret,
    );
  const typedAgain = Object.fromEntries(values);
  if (result.success) return { value: result.data, typed: typedAgain };
  const errors = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const name = String(path[0]);
    if (!errors.has(name)) errors.set(name, message);
  }
  return {
    problem: {
      values: typedAgain,
      errors: [...errors].map(([name, message]) => ({ name, message })),
    } satisfies Problem,
  };
}

/**
 * What is wrong with one field, where only the model or the database could tell; with `""` for a name, with the form
 * as a whole, which has the id `form`.
 */
export const fieldProblem = (values: Record<string, string>, name: string, message: string): Problem => ({
  values,
  errors: [{ name: name || "form", message }],
});

/**
 * Somebody else has saved it since the form was opened: what they saved is kept beside what was typed, where it differs.
 * `saved` is what a form opened now would hold. Sent once more, the form takes its place.
 */
export function changedProblem(
  what: string,
  typed: Record<string, string>,
  { version = "", ...saved }: Record<string, string>,
): Problem {
  const same = (name: string) => (typed[name] ?? "").replaceAll("\r\n", "\n").trim() === saved[name]?.trim();
  const theirs = Object.keys(saved)
    .filter((name) => !same(name))
    .map((name) => [`${THEIRS}-${name}`, saved[name]]);
  const values = { ...typed, version, ...Object.fromEntries(theirs) };
  const text = `Somebody has saved this ${what} since you opened it. Nothing of yours is saved yet`;
  return fieldProblem(values, THEIRS, text);
}

/** The page again, 422 (RFC 9110, 15.5.21), with what was typed and what is wrong. */
export const invalid = (problem: Problem, status = 422) => data({ problem }, { status });
