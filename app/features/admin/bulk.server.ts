/** What is done with many rows at once. */
import type { Model } from "sequelize";
import { z } from "zod";
import { counted } from "~/components/counted";
import { readForm } from "~/services/forms.server";
import { isId } from "~/services/http.server";
import { nameOf } from "./fields.server";
import { listQuery } from "./query.server";
import type { Registered } from "./registry.server";
import { type Consequences, consequences } from "./related.server";
import { forEachRow, type Wanted } from "./save.server";
import type { Screen } from "./screen.server";

const MOST_NAMED = 100;
/** Rows that one confirmation may touch: each is checked and noted by itself. */
const MOST = 10_000;

const tooMany = `That is more than ${MOST.toLocaleString("en")} rows. Filter first. Nothing was changed.`;

const schema = z.object({
  action: z.string().default(""),
  id: z.array(z.string()),
  ids: z.string().default(""),
  all: z.string().optional(),
  count: z.string().default(""),
  confirm: z.string().optional(),
});

interface Selection {
  action: { name: string; label: string };
  ids: number[];
  /** How many were selected and are not there any more. */
  gone: number;
  /** All of the result, chosen anew when it is confirmed. */
  all: boolean;
  confirmed: boolean;
  names: string[];
  found: Consequences | null;
}

/** Reads what is to be done with which rows. Rows that are gone are left out. */
export async function readSelection(
  request: Request,
  screen: Screen,
): Promise<Selection | { problem: string }> {
  const { entry, user, may } = screen;
  const form = await readForm(request, schema);
  if (form.problem) return { problem: "That could not be read." };
  const { action: name, id, ids, all, count, confirm } = form.value;
  const custom = entry.actions?.find((action) => action.name === name);
  const label = name === "delete" ? `Delete the selected ${entry.plural}` : custom?.label;
  const allowed = name === "delete" ? may.delete : custom && user.can(custom.needs, entry.key);
  if (!label || !allowed) return { problem: "Choose what to do from the list. Nothing was changed." };

  const listed = [...new Set([...id, ...ids.split(",")])].filter(isId).map(Number);
  if (!all && listed.length === 0) return { problem: "Select one or more rows first. Nothing was changed." };
  if (listed.length > MOST) return { problem: tooMany };
  const { where, order, ignored } = await listQuery(entry, request.url, user);
  // A filter that is passed over would make the result larger than the list that was looked at.
  if (all && ignored.length > 0)
    return { problem: `Not known here: ${ignored.join("; ")}. Nothing was changed.` };
  const rows = await entry.model.findAll({
    attributes: ["id"],
    where: all ? where : { id: listed },
    order: all ? order : [["id", "ASC"]],
    limit: MOST + 1,
    raw: true,
  });
  if (rows.length > MOST) return { problem: tooMany };
  const found = rows.map((row) => (row as unknown as { id: number }).id);
  // A result that has changed since the question is asked about again.
  const confirmed = Boolean(confirm) && (!all || count === String(found.length));
  if (found.length === 0) return { problem: `None of the selected ${entry.plural} is there any more.` };
  const named = await entry.model.findAll({ where: { id: found.slice(0, MOST_NAMED) }, order: ["id"] });
  return {
    action: { name, label },
    ids: found,
    gone: all ? 0 : listed.length - found.length,
    all: Boolean(all),
    confirmed,
    names: named.map((row) => nameOf(row, entry)),
    found: name === "delete" && !confirmed ? await consequences(entry, found, user) : null,
  };
}

interface Done {
  deed: string;
  done: number;
  /** Rows that were as asked already. */
  unchanged: number;
  gone: number;
  refused: string[];
}

/** Does it, each row with the note of it. */
export async function bulk({ entry, user }: Screen, { action, ids, gone }: Selection): Promise<Done> {
  const result: Done = { deed: action.name, done: 0, unchanged: 0, gone, refused: [] };
  const custom = entry.actions?.find(({ name }) => name === action.name);
  const outcomes = await forEachRow(entry, ids, user, custom ? applied(custom.apply) : "delete");
  for (const outcome of outcomes) {
    if ("gone" in outcome) result.gone += 1;
    else if ("refusal" in outcome) result.refused.push(outcome.refusal.message);
    else if ("changed" in outcome && !outcome.changed) result.unchanged += 1;
    else result.done += 1;
  }
  return result;
}

/** What an action makes of a row, taken from the row as it is when nobody else can change it. */
const applied =
  (apply: NonNullable<Registered["actions"]>[number]["apply"]) =>
  (row: Model): Wanted => {
    apply(row);
    const changed = row.changed() || [];
    return { values: Object.fromEntries(changed.map((name) => [name, row.get(name)])), many: {} };
  };

/** What was done, in words, and what was not. */
export function tell({ deed, done, unchanged, gone, refused }: Done, { singular, plural }: Registered) {
  const did = deed === "delete" ? "Deleted" : "Changed";
  const were = (count: number) => counted(count, "was", "were");
  const parts = [`${did} ${counted(done, singular, plural)}.`];
  if (unchanged > 0) parts.push(`${were(unchanged)} as asked already.`);
  if (gone > 0) parts.push(`${were(gone)} gone already.`);
  if (refused.length > 0) parts.push(`${refused.length.toLocaleString("en")} not: ${refused[0]}.`);
  return parts.join(" ");
}
