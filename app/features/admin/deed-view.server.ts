import type { Activity, Change } from "#models/activity.server";
import type { Registered } from "./registry.server";

export interface DeedView {
  id: number;
  at: Date;
  who: string;
  /** "changed", "added" … */
  did: string;
  label: string;
  model: string;
  /** Its history; where it led when it still has one. */
  to: string | null;
  changes: Change[];
}

const DID = { add: "added", change: "changed", delete: "deleted", restore: "restored" };

/** A deed as pages show it. */
export function deedView(deed: Activity, entries: Registered[]): DeedView {
  const entry = entries.find(({ key }) => key === deed.model);
  return {
    id: deed.id,
    at: deed.createdAt,
    who: deed.userName || "Somebody not signed in",
    did: DID[deed.deed],
    label: deed.label,
    model: entry?.singular ?? deed.model,
    to: entry && /^\d+$/.test(deed.objectId) ? `${entry.path}/${deed.objectId}/history` : null,
    changes: deed.changes,
  };
}
