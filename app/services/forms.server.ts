/** Forms: what `django.forms` stands for. A zod schema reads them; what is wrong goes back with what was typed. */
import { data } from "@remix-run/node";
import type { z } from "zod";
import type { Problem } from "~/components/problem";
import { badRequest } from "./http.server";

/**
 * The fields of a form request.
 *
 * @throws 400 when the body is not what its type says: broken percent-encoding, a malformed multipart body.
 */
async function readFields(request: Request): Promise<FormData> {
  try {
    if (!request.headers.get("Content-Type")?.startsWith("application/x-www-form-urlencoded")) {
      return await request.formData();
    }
    const body = await request.text();
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

/**
 * Reads a form by its schema: `value`, or the `problem` to answer with.
 *
 * @throws 400 when the body is malformed.
 */
export async function readForm<Schema extends z.ZodObject>(request: Request, schema: Schema) {
  const fields = await readFields(request);
  const names = Object.keys(schema.shape);
  const typed = Object.fromEntries(names.map((name) => [name, fields.get(name) ?? undefined]));
  const result = schema.safeParse(typed);
  if (result.success) return { value: result.data };
  const values = Object.entries(typed).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const errors = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const name = String(path[0]);
    if (!errors.has(name)) errors.set(name, message);
  }
  return {
    problem: {
      values: Object.fromEntries(values),
      errors: [...errors].map(([name, message]) => ({ name, message })),
    } satisfies Problem,
  };
}

/** The page again, 422 (RFC 9110, 15.5.21), with what was typed and what is wrong. */
export const invalid = (problem: Problem) => data({ problem }, { status: 422 });
