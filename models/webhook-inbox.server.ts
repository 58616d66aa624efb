/** The list of events that staff look through: the newest first, page by page from where one is. */
import { type Attributes, literal, Op, type WhereOptions } from "sequelize";
import { quoted } from "./database.server";
import { containsWords, wordsOf } from "./search.server";
import { Event } from "./webhook-event.server";

/** Events that a search looks through, the newest. */
const SEARCHED = 100_000;

/** Which events; what is null or absent does not count. */
export interface InboxFilter {
  provider?: string | null;
  validity?: "accepted" | "refused" | null;
  /** From then on, and before then. */
  from?: Date | null;
  to?: Date | null;
  /** Words that body, event and id are to hold. */
  words?: string;
  /** These alone, or none of these. */
  among?: number[];
  except?: number[];
}

/** Where one is: after this event in the list, or before it. One of which the time is known may be gone by now. */
export type Place = { after?: number | Pick<InboxRow, "id" | "receivedAt">; before?: number };

export interface InboxRow {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  refusal: string | null;
  duplicates: number;
  size: number;
  receivedAt: Date;
}

const ATTRIBUTES = ["id", "provider", "event", "eventId", "refusal", "duplicates", "size", "receivedAt"];

type Where = WhereOptions<Attributes<Event>>;

/**
 * A page of events. `more` tells whether there are others beyond it in that direction; `searched` is null, or the time
 * back to which the search went.
 */
export async function inboxPage(
  filter: InboxFilter,
  place: Place,
  limit: number,
): Promise<{ rows: InboxRow[]; more: boolean; searched: Date | null }> {
  const { where, searched } = await conditions(filter);
  const isBackwards = place.before !== undefined;
  const all = (await Event.findAll({
    attributes: ATTRIBUTES,
    where: { [Op.and]: [where, await beyond(place)] } as Where,
    order: ["receivedAt", "id"].map((column) => [column, isBackwards ? "ASC" : "DESC"]),
    limit: limit + 1,
  })) as InboxRow[];
  const rows = all.slice(0, limit).map(plain);
  return { rows: isBackwards ? rows.reverse() : rows, more: all.length > limit, searched };
}

/** Those that were accepted, up to `most`, the newest. */
export async function acceptedOf(filter: InboxFilter, most: number): Promise<Event[]> {
  const { where } = await conditions(filter);
  return Event.findAll({
    attributes: ["id", "provider", "event"],
    where: { [Op.and]: [where, { refusal: null }] } as Where,
    order: [
      ["receivedAt", "DESC"],
      ["id", "DESC"],
    ],
    limit: most,
  });
}

const plain = ({
  id,
  provider,
  event,
  eventId,
  refusal,
  duplicates,
  size,
  receivedAt,
}: InboxRow): InboxRow => ({
  id,
  provider,
  event,
  eventId,
  refusal,
  duplicates,
  size,
  receivedAt,
});

async function conditions(filter: InboxFilter): Promise<{ where: Where; searched: Date | null }> {
  const where = columnsOf(filter);
  if (wordsOf(filter.words ?? "").length === 0) return { where, searched: null };
  const [last] = await Event.findAll({
    attributes: ["receivedAt"],
    where,
    order: [["receivedAt", "DESC"]],
    offset: SEARCHED,
    limit: 1,
  });
  const body = literal(`CAST(${quoted("event.payload")} AS TEXT)`);
  const parts: Where[] = [
    where,
    containsWords([body, "event.text", "event.event", "event.event_id"], filter.words!),
  ];
  if (last) parts.push({ receivedAt: { [Op.gte]: last.receivedAt } });
  return { where: { [Op.and]: parts } as Where, searched: last?.receivedAt ?? null };
}

function columnsOf({ provider, validity, from, to, among, except }: InboxFilter): Where {
  const parts: Where[] = [];
  if (provider) parts.push({ provider });
  if (validity) parts.push({ refusal: validity === "accepted" ? null : { [Op.ne]: null } });
  if (from) parts.push({ receivedAt: { [Op.gte]: from } });
  if (to) parts.push({ receivedAt: { [Op.lt]: to } });
  if (among) parts.push({ id: among });
  if (except && except.length > 0) parts.push({ id: { [Op.notIn]: except } });
  return { [Op.and]: parts } as Where;
}

/** What comes after an event in the list, or before it; everything where its time is not to be found any more. */
async function beyond({ after, before }: Place): Promise<Where> {
  const place = after ?? before;
  const from =
    typeof place === "number" ? await Event.findByPk(place, { attributes: ["id", "receivedAt"] }) : place;
  if (!from) return {};
  const [beyond, upTo] = after ? [Op.lt, Op.lte] : [Op.gt, Op.gte];
  // The first bound alone is what an index can seek.
  return {
    receivedAt: { [upTo]: from.receivedAt },
    [Op.or]: [{ receivedAt: { [beyond]: from.receivedAt } }, { id: { [beyond]: from.id } }],
  } as Where;
}
