/** How events come in: of one provider and id one is accepted, for good, and what is refused is kept within a bound. */
import {
  type Attributes,
  literal,
  Op,
  type ProjectionAlias,
  QueryTypes,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { isSqlite, selectSql, sequelize, transaction } from "./database.server";
import { rowsOf, stored } from "./sql.server";
import { DAY } from "./time";
import type { KeptBody } from "./webhook-body.server";
import { Event } from "./webhook-event.server";
import { Hour } from "./webhook-hour.server";

/** Refused events of a provider that are kept of a day, and bytes of their bodies: the newest. Hour counts them all. */
export const REFUSALS_KEPT = 5_000;
export const REFUSED_BYTES_KEPT = 50_000_000;
/** Refused events whose provider nobody declared share this one bucket: anybody can make up names. */
const OTHERS = "other";
/** Rows of one transaction, where there are many: others are to get a turn. */
const AT_ONCE = 100;

/** An event as it came and was judged. */
export interface Arrival {
  provider: string;
  /** How its sender calls it; null where they do not. */
  eventId: string | null;
  event: string | null;
  signatureValid: boolean;
  /** Why it was refused; null where it was not. */
  refusal: string | null;
  /** The last characters of the secret that it was signed with. */
  secretTail: string | null;
  body: KeptBody;
  size: number;
  /** SHA-256 of the body. */
  digest: string;
  headers: Record<string, string>;
  ip: string;
  /** When it came, where that is not now. */
  receivedAt?: Date;
}

/** What became of an arrival: another was here before, with the same body or with another. */
export type Reception = "stored" | "duplicate" | "conflict";

/** What is known of an event once it is stored. */
export interface Accepted {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  refusal: string | null;
  digest: string;
}

/**
 * Stores what has arrived, in the caller's transaction. Of one provider and id one is accepted, for good. The same
 * again is counted; another body under that id is kept as refused. `accepted` is called with those that are new,
 * to do what belongs to it. Refusals are counted by provider, of those that are `declared` or have had one accepted.
 *
 * @returns what became of each, in their order.
 */
export async function storeArrivals(
  arrivals: Arrival[],
  declared: readonly string[],
  accepted: (events: Accepted[], transaction: Transaction) => Promise<unknown>,
  transaction: Transaction,
): Promise<Reception[]> {
  const at = new Date();
  const rows = await insert(arrivals, at, transaction);
  const mine = new Map(rows.filter(isOnce).map((row) => [identity(row), row]));
  const late = arrivals.filter((arrival) => isOnce(arrival) && !mine.has(identity(arrival)));
  const before = new Map((await acceptedAs(late, transaction)).map((row) => [identity(row), row]));
  const taken = new Set<string>();
  const receptions = arrivals.map((arrival): Reception => {
    if (!isOnce(arrival)) return "stored";
    const key = identity(arrival);
    const { digest } = mine.get(key) ?? before.get(key)!;
    if (digest !== arrival.digest) return "conflict";
    if (!mine.has(key) || taken.has(key)) return "duplicate";
    taken.add(key);
    return "stored";
  });
  const conflicts = arrivals
    .filter((_, n) => receptions[n] === "conflict")
    .map((arrival) => ({ ...arrival, refusal: "conflict" }));
  await insert(conflicts, at, transaction);
  const again = arrivals.filter((_, n) => receptions[n] === "duplicate");
  await countDuplicates(again, transaction);
  const fresh = rows.filter(({ refusal }) => refusal === null);
  if (fresh.length > 0) await accepted(fresh, transaction);
  const refused = [...arrivals.filter(({ refusal }) => refusal !== null), ...conflicts];
  const seen = refused.length > 0 ? await Hour.providers(transaction) : [];
  const known = [...declared, ...seen].filter((provider) => provider !== OTHERS);
  const bucket = ({ provider }: { provider: string }) => (known.includes(provider) ? provider : OTHERS);
  const happened = [
    ...fresh.map(({ provider }) => ({ at, provider, isAccepted: true })),
    ...refused.map((arrival) => ({ at, provider: bucket(arrival), isAccepted: false })),
  ];
  await Hour.tally(happened, transaction);
  for (const provider of new Set(refused.map(bucket))) await prune(provider, known, at, transaction);
  return receptions;
}

/** Adds those that are not there yet, each with the time at which it came, and asks for nothing to be done with them. */
export async function addMissing(arrivals: (Arrival & { eventId: string; receivedAt: Date })[]) {
  for (let start = 0; start < arrivals.length; start += AT_ONCE) {
    const part = arrivals.slice(start, start + AT_ONCE);
    const where = { eventId: part.map(({ eventId }) => eventId) };
    await transaction(async (transaction) => {
      const known = await Event.findAll({ attributes: ["eventId"], where, transaction, raw: true });
      const have = new Set(known.map(({ eventId }) => eventId));
      const missing = part.filter(({ eventId }) => !have.has(eventId));
      await insert(missing, new Date(), transaction);
      const happened = missing.map(({ receivedAt: at, provider, refusal }) => ({
        at,
        provider,
        isAccepted: refusal === null,
      }));
      await Hour.tally(happened, transaction);
    });
  }
}

type Named = Pick<Arrival, "provider" | "eventId" | "refusal">;

/** Whether it is one that there is to be once. */
const isOnce = ({ eventId, refusal }: Named) => eventId !== null && refusal === null;

const identity = ({ provider, eventId }: Named) => `${provider}\n${eventId}`;

/** Inserts all but those that were accepted before. @returns those that are new, in no order. */
async function insert(arrivals: Arrival[], at: Date, transaction: Transaction): Promise<Accepted[]> {
  if (arrivals.length === 0) return [];
  // In one order, so that no two processes wait for each other.
  const sorted = arrivals.toSorted((a, b) => (identity(a) < identity(b) ? -1 : 1));
  const values = rowsOf(
    sorted.map(({ body: { payload, text, bytes }, receivedAt = at, ...arrival }) => [
      arrival.provider,
      arrival.eventId,
      arrival.event,
      arrival.signatureValid,
      arrival.refusal,
      arrival.secretTail,
      payload,
      text,
      bytes,
      arrival.size,
      arrival.digest,
      JSON.stringify(arrival.headers),
      arrival.ip,
      0,
      stored(receivedAt),
    ]),
  );
  return sequelize.query<Accepted>(
    // Sequelize asks SQLite for no rows of what begins with INSERT INTO.
    `INSERT ${isSqlite() ? "OR IGNORE" : ""} INTO webhook_events (provider, event_id, event, signature_valid, refusal,
       secret_tail, payload, text, bytes, size, digest, headers, ip, duplicates, received_at)
     VALUES ${values.sql} ${isSqlite() ? "" : "ON CONFLICT DO NOTHING"}
     RETURNING id, provider, event, event_id AS "eventId", refusal, digest`,
    { type: QueryTypes.SELECT, transaction, bind: values.bind },
  );
}

/** What was accepted before under the names of these. */
async function acceptedAs(arrivals: Named[], transaction: Transaction): Promise<Accepted[]> {
  if (arrivals.length === 0) return [];
  const where = {
    refusal: null,
    [Op.or]: arrivals.map(({ provider, eventId }) => ({ provider, eventId })),
  } as WhereOptions<Attributes<Event>>;
  return Event.findAll({
    attributes: ["provider", "eventId", "refusal", "digest"],
    where,
    transaction,
    raw: true,
  });
}

async function countDuplicates(again: Named[], transaction: Transaction) {
  const times = new Map<string, { by: number; of: Named }>();
  for (const of of again) times.set(identity(of), { of, by: (times.get(identity(of))?.by ?? 0) + 1 });
  for (const [, { by, of }] of [...times].sort()) {
    const where = { provider: of.provider, eventId: of.eventId, refusal: null };
    await Event.increment({ duplicates: by }, { where, transaction });
  }
}

/** Deletes of today's refusals of a provider, or of all that are not known, the oldest: what is beyond the bounds. */
async function prune(provider: string, known: readonly string[], at: Date, transaction: Transaction) {
  const today = new Date(at.getTime() - (at.getTime() % DAY));
  const where = {
    refusal: { [Op.ne]: null },
    receivedAt: { [Op.gte]: today },
    provider: provider === OTHERS ? { [Op.notIn]: [...known] } : provider,
  } as WhereOptions<Attributes<Event>>;
  const newest = "OVER (ORDER BY received_at DESC, id DESC ROWS UNBOUNDED PRECEDING)";
  const sums = [
    [literal(`ROW_NUMBER() ${newest}`), "count"],
    [literal(`SUM(size) ${newest}`), "bytes"],
  ] as ProjectionAlias[];
  const refused = selectSql(Event, { attributes: ["id", ...sums], where });
  await sequelize.query(
    `DELETE FROM webhook_events WHERE id IN
       (SELECT id FROM (${refused}) AS refused WHERE count > ${REFUSALS_KEPT} OR bytes > ${REFUSED_BYTES_KEPT})`,
    { transaction },
  );
}
