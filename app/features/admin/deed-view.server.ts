import type { Activity, Deed } from "#models/activity.server";
import type { Change } from "#models/noted.server";
import { isId } from "~/services/http.server";
import { fieldsOf, labelOf } from "./fields.server";
import type { Registered } from "./registry.server";

export interface DeedView {
  id: number;
  at: Date;
  who: string;
  /** "changed", "added" … */
  did: string;
  /** What comes behind what it was done to: "for good". */
  how: string;
  label: string;
  model: string;
  /** Its history; where it led when it still has one. */
  to: string | null;
  /** By the labels that the fields have now. */
  changes: Change[];
}

const DID: Record<Deed, [did: string, how?: string]> = {
  add: ["added"],
  change: ["changed"],
  delete: ["deleted"],
  restore: ["restored"],
  erase: ["deleted", "for good"],
};

/** A deed as pages show it. */
export function deedView(deed: Activity, entries: Registered[]): DeedView {
  const entry = entries.find(({ key }) => key === deed.model);
  const [did, how = ""] = DID[deed.deed];
  return {
    id: deed.id,
    at: deed.createdAt,
    who: deed.userName || "Somebody not signed in",
    did,
    how,
    label: deed.label,
    model: entry?.singular ?? deed.model,
    to: entry && isId(deed.objectId) ? `${entry.path}/${deed.objectId}/history` : null,
    changes: deed.changes.map((change) => changeView(change, deed.deed, entry)),
  };
}

/** What has no label any more is called by its name. */
function changeView(
  { field: name, before, after }: Change,
  deed: Deed,
  entry: Registered | undefined,
): Change {
  const field = entry && fieldsOf(entry).find((field) => field.name === name);
  const many = entry?.many?.find((many) => many.name === name);
  const label = field?.label ?? many?.label ?? labelOf(name);
  if (field?.type !== "BOOLEAN") return { field: label, before, after };
  const yesOrNo = (text: string | null) => (text ? "yes" : "no");
  return {
    field: label,
    before: deed === "add" ? null : yesOrNo(before),
    after: deed === "delete" || deed === "erase" ? null : yesOrNo(after),
  };
}
