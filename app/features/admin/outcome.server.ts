/** What comes of adding, changing or deleting a row: done, or refused and nothing of it done. */
import {
  ForeignKeyConstraintError,
  type Model,
  type Transaction,
  UniqueConstraintError,
  ValidationError,
} from "sequelize";
import { retryingTransaction } from "#models/database.server";
import type { Refusal } from "~/services/admin.server";
import { fieldsOf } from "./fields.server";
import { namesOf } from "./references.server";
import type { Registered } from "./registry.server";

/** A field that somebody else has changed since the form was opened. */
export interface Conflict {
  name: string;
  label: string;
  yours: string;
  theirs: string;
  /** The person changed it too, and has to choose. */
  both: boolean;
}

export type Outcome =
  | { row: Model; changed: boolean }
  | { refusal: Refusal }
  | { conflicts: Conflict[]; who: string; when: Date | null; version: Record<string, string> }
  | { gone: true };

/** Thrown in a transaction, so that it rolls back. */
export class Refused extends Error {
  constructor(readonly outcome: Exclude<Outcome, { row: Model }>) {
    super("refused");
  }
}

/** Of what was thrown: how it was refused. @throws what is no refusal. */
export function refusedOutcome(error: unknown): Outcome {
  if (error instanceof Refused) return error.outcome;
  throw error;
}

/**
 * Runs `work`; what it refuses rolls back, and what the database refuses is told at its field: `wanted` are the values,
 * by attribute.
 */
export async function attempt(
  entry: Registered,
  work: (transaction: Transaction) => Promise<Outcome>,
  wanted: Record<string, unknown> = {},
): Promise<Outcome> {
  try {
    return await retryingTransaction(work);
  } catch (error) {
    if (error instanceof Refused) return refusedOutcome(error);
    if (error instanceof UniqueConstraintError) {
      const columns = Array.isArray(error.fields) ? error.fields : Object.keys(error.fields);
      return { refusal: takenBy(entry, columns) };
    }
    if (error instanceof ValidationError) {
      const [first] = error.errors;
      const field = fieldsOf(entry).find(({ attribute }) => attribute === first?.path);
      return { refusal: { name: field?.name ?? "", message: first?.message ?? error.message } };
    }
    if (error instanceof ForeignKeyConstraintError) return { refusal: await goneFor(entry, wanted) };
    throw error;
  }
}

/** The field whose reference leads nowhere: not every database tells which it is. */
async function goneFor(entry: Registered, wanted: Record<string, unknown>): Promise<Refusal> {
  for (const field of fieldsOf(entry).filter(({ references }) => references)) {
    const value = wanted[field.attribute];
    if (value === null || value === undefined || (await namesOf(field, [value])).size > 0) continue;
    return { name: field.name, message: `Choose another ${field.label.toLowerCase()}: that one is gone` };
  }
  return { name: "", message: "What it refers to is not there any more, or something still refers to it" };
}

function takenBy(entry: Registered, columns: string[]): Refusal {
  const names = columns.map((column) => column.replace(/^.*\./, "").replace(/_key$/, ""));
  const field = fieldsOf(entry).find(
    ({ name, attribute }) => names.includes(name) || names.includes(attribute),
  );
  const called = entry.singular.charAt(0).toUpperCase() + entry.singular.slice(1);
  return {
    name: field?.name ?? "",
    message: `${called} with this ${field?.label.toLowerCase() ?? "value"} already exists.`,
  };
}
