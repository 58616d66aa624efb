import { errorOf } from "~/components/field";
import type { Problem } from "~/components/problem";

/** The error of a form that somebody else has saved meanwhile, and what begins the names of the values that they saved. */
export const THEIRS = "theirs";

interface TheirsProps {
  problem: Problem | undefined;
  /** What the fields are called, by name. */
  labels: Record<string, string>;
}

/** What somebody else has saved since the form was opened, where it differs from yours; nothing where nobody has. */
export function Theirs({ problem, labels }: TheirsProps) {
  if (!errorOf(problem, THEIRS)) return null;
  const theirs = Object.entries(labels).flatMap(([name, label]) => {
    const value = problem?.values[`${THEIRS}-${name}`];
    return value === undefined ? [] : [{ label, value }];
  });
  return (
    <details id={THEIRS} className="theirs" open tabIndex={-1}>
      <summary>What is saved now, where it differs from yours</summary>
      {theirs.length > 0 && (
        <dl>
          {theirs.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value || "—"}</dd>
            </div>
          ))}
        </dl>
      )}
      <p>Take over into your own what should stay, and save: yours will then take its place.</p>
    </details>
  );
}
