import type { Problem } from "~/components/problem";
import type { Outcome } from "./save.server";

/**
 * The form again, on top of what somebody else has saved meanwhile: what the person did not touch is theirs now, and
 * what both changed is the person's own, with the other's beside it.
 */
export function conflictAnswer(
  typed: Record<string, string>,
  outcome: Extract<Outcome, { conflicts: unknown }>,
) {
  const { conflicts, who, when, version } = outcome;
  const values = { ...typed };
  for (const { name, theirs, both } of conflicts) if (!both) values[name] = theirs;
  const problem: Problem = { values, errors: [] };
  return { problem, conflict: { conflicts, who, when, version: JSON.stringify(version) } };
}
