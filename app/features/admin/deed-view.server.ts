import type { Activity, Deed } from "#models/activity.server";
import type { Change } from "#models/noted.server";
import { isId } from "~/services/http.server";
import { fieldsOf, isFile, labelOf } from "./fields.server";
import { labelsOf } from "./many.server";
import { namesOf } from "./references.server";
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
  open: ["opened"],
  download: ["downloaded"],
};

/** What references and many are called, by field and by what it held. */
type Names = Map<string, Map<string, string>>;

/** What the references and the many in the changes of a row lead to, as far as it is still there. */
export async function namesIn(entry: Registered, deeds: Activity[]): Promise<Names> {
  const changes = deeds.flatMap(({ changes }) => changes);
  const fields = fieldsOf(entry).filter(({ references }) => references);
  const heldBy = (name: string) =>
    changes.filter(({ field }) => field === name).flatMap(({ before, after }) => [before, after]);
  const lists = (entry.many ?? []).filter(({ name }) => changes.some(({ field }) => field === name));
  return new Map(
    await Promise.all([
      ...fields.map(async (field) => [field.name, await namesOf(field, heldBy(field.name))] as const),
      ...lists.map(async (many) => [many.name, await labelsOf(many)] as const),
    ]),
  );
}

/** A deed as pages show it. */
export function deedView(deed: Activity, entries: Registered[], names: Names = new Map()): DeedView {
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
    changes: deed.changes.map((change) => changeView(change, deed.deed, entry, names)),
  };
}

/** What has no label any more is called by its name. */
function changeView(
  { field: name, before, after }: Change,
  deed: Deed,
  entry: Registered | undefined,
  names: Names,
): Change {
  const field = entry && fieldsOf(entry).find((field) => field.name === name);
  const many = entry?.many?.find((many) => many.name === name);
  const label = field?.label ?? many?.label ?? labelOf(name);
  if (field?.type === "BOOLEAN") {
    const yesOrNo = (text: string | null) => (text ? "yes" : "no");
    return {
      field: label,
      before: deed === "add" ? null : yesOrNo(before),
      after: deed === "delete" || deed === "erase" ? null : yesOrNo(after),
    };
  }
  if (field && isFile(field)) {
    return { field: label, before: before && "a file", after: after && (before ? "another file" : "a file") };
  }
  const called = (text: string) => names.get(name)?.get(text) ?? text;
  const words = (text: string | null) =>
    text && (many ? text.split("\n").map(called).join(", ") : called(text));
  return { field: label, before: words(before), after: words(after) };
}
