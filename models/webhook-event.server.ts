/** Events that other systems have sent, and what became of each. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  QueryTypes,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { rowsOf, sequelize, stored, transaction } from "./database.server";
import { DAY, daysAgo } from "./time";
import { bytesOf, type KeptBody } from "./webhook-body.server";
import { Hour } from "./webhook-hour.server";

/** Refused events of a provider that are kept of a day, the newest. Hour counts them all. */
export const REFUSALS_KEPT = 5_000;
/** What refused events are counted and kept by together whose provider is nobody's: names are free to make up. */
const OTHERS = "other";
const LONGEST_ID = 255;
const LONGEST_NAME = 100;
/** Rows of one transaction, where there are many: others are to get a turn. */
const AT_ONCE = 100;

/** What an event may be called by its sender: up to 255 characters, none of them control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
export const isEventId = (id: string) => id.length <= LONGEST_ID && !/[\u0000-\u001f\u007f]/.test(id);

/** The type of an event as it is kept; null for what is no text. */
export const eventName = (name: unknown): string | null =>
  typeof name === "string" && name !== ""
    ? [...name.replace(/\p{Cc}/gu, "")].slice(0, LONGEST_NAME).join("")
    : null;

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

interface WithBody extends KeptBody {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  receivedAt: Date;
  /** To the byte; null where it is not kept any more. */
  body: Buffer | null;
}

/** What is known of an event once it is stored. */
export interface Accepted {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  refusal: string | null;
  digest: string;
}

export class Event extends Model<InferAttributes<Event>, InferCreationAttributes<Event>> {
  declare id: CreationOptional<number>;
  declare provider: string;
  declare eventId: string | null;
  declare event: string | null;
  declare signatureValid: boolean;
  declare refusal: string | null;
  declare secretTail: string | null;
  /** One of these three is the body: see webhook-body. As an attribute it is parsed; `withBody` has what came. */
  declare payload: CreationOptional<object | null>;
  declare text: CreationOptional<string | null>;
  declare bytes: CreationOptional<Buffer | null>;
  declare size: number;
  declare digest: string;
  /** Null once it is so old that neither body nor headers are kept. */
  declare headers: Record<string, string> | null;
  declare ip: string;
  /** How often it came again. */
  declare duplicates: CreationOptional<number>;
  declare receivedAt: Date;

  static readonly noted: (keyof Attributes<Event>)[] = ["provider", "eventId", "event", "refusal"];

  /**
   * Stores what has arrived, in the caller's transaction. Of one provider and id one is accepted, for good. The same
   * again is counted; another body under that id is kept as refused. `accepted` is called with those that are new,
   * to do what belongs to it. Refusals are counted by provider, of those that are `declared` or have had one accepted.
   *
   * @returns what became of each, in their order.
   */
  static async receive(
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

  /** An event with its body as it came; null where there is none. */
  static async withBody(id: number): Promise<WithBody | null> {
    const [event] = await Event.withBodies([id]);
    return event ?? null;
  }

  /** Events with their bodies, in the order of these ids; null for what is not there. */
  static async withBodies(ids: number[]): Promise<(WithBody | null)[]> {
    const rows = await sequelize.query<Omit<WithBody, "body" | "receivedAt"> & { receivedAt: Date | string }>(
      `SELECT id, provider, event, event_id AS "eventId", received_at AS "receivedAt",
         CAST(payload AS TEXT) AS payload, text, bytes FROM webhook_events WHERE id IN (:ids)`,
      { type: QueryTypes.SELECT, replacements: { ids } },
    );
    const events = rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt), body: bytesOf(row) }));
    return ids.map((id) => events.find((event) => event.id === id) ?? null);
  }

  /** Adds those that are not there yet, each with the time at which it came, and asks for nothing to be done with them. */
  static async addMissing(arrivals: (Arrival & { eventId: string; receivedAt: Date })[]) {
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

  /**
   * Deletes what is older than `days`: refused events, and of accepted ones body and headers. That they came, and
   * under which id, is kept for good: senders try again with it for days, and some people after months.
   */
  static async forget(days: number) {
    const receivedAt = { [Op.lt]: daysAgo(days) };
    const old = [
      { receivedAt, refusal: { [Op.ne]: null } },
      { receivedAt, refusal: null, headers: { [Op.ne]: null } },
    ] as WhereOptions<Attributes<Event>>[];
    for (const where of old) {
      for (let found = AT_ONCE; found === AT_ONCE; ) {
        const rows = await Event.findAll({ attributes: ["id", "refusal"], where, limit: AT_ONCE, raw: true });
        found = rows.length;
        const id = rows.map(({ id }) => id);
        const isRefused = Boolean(rows[0]?.refusal);
        const nothing = { payload: null, text: null, bytes: null, headers: null };
        await transaction(async (transaction) => {
          if (isRefused) await Event.destroy({ where: { id }, transaction });
          else await Event.update(nothing, { where: { id }, transaction });
        });
      }
    }
  }
}

type Named = Pick<Arrival, "provider" | "eventId" | "refusal">;

/** Whether it is one that there is to be once. */
const isOnce = ({ eventId, refusal }: Named) => eventId !== null && refusal === null;

const identity = ({ provider, eventId }: Named) => `${provider}\n${eventId}`;

/** Inserts all but those that were accepted before. @returns those that are new, in no order. */
async function insert(arrivals: Arrival[], at: Date, transaction: Transaction): Promise<Accepted[]> {
  if (arrivals.length === 0) return [];
  const isSqlite = sequelize.getDialect() === "sqlite";
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
    `INSERT ${isSqlite ? "OR IGNORE" : ""} INTO webhook_events (provider, event_id, event, signature_valid, refusal,
       secret_tail, payload, text, bytes, size, digest, headers, ip, duplicates, received_at)
     VALUES ${values.sql} ${isSqlite ? "" : "ON CONFLICT DO NOTHING"}
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

/** Deletes of today's refusals of a provider, or of all that are not known, those that are too many: the oldest. */
async function prune(provider: string, known: readonly string[], at: Date, transaction: Transaction) {
  const today = new Date(at.getTime() - (at.getTime() % DAY));
  const where = {
    refusal: { [Op.ne]: null },
    receivedAt: { [Op.gte]: today },
    provider: provider === OTHERS ? { [Op.notIn]: [...known] } : provider,
  } as WhereOptions<Attributes<Event>>;
  const order: [string, string][] = [
    ["receivedAt", "DESC"],
    ["id", "DESC"],
  ];
  const excess = await Event.findAll({
    attributes: ["id"],
    where,
    order,
    offset: REFUSALS_KEPT,
    limit: 1_000,
    transaction,
    raw: true,
  });
  if (excess.length > 0) await Event.destroy({ where: { id: excess.map(({ id }) => id) }, transaction });
}

Event.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    provider: { type: DataTypes.STRING(40), allowNull: false },
    eventId: { type: DataTypes.STRING(LONGEST_ID) },
    event: { type: DataTypes.STRING(LONGEST_NAME) },
    signatureValid: { type: DataTypes.BOOLEAN, allowNull: false },
    refusal: { type: DataTypes.STRING(20) },
    secretTail: { type: DataTypes.STRING(4) },
    payload: { type: DataTypes.JSON },
    text: { type: DataTypes.TEXT },
    bytes: { type: DataTypes.BLOB },
    size: { type: DataTypes.INTEGER, allowNull: false },
    digest: { type: DataTypes.STRING(64), allowNull: false },
    headers: { type: DataTypes.JSON },
    ip: { type: DataTypes.STRING(45), allowNull: false },
    duplicates: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    receivedAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "event",
    tableName: "webhook_events",
    timestamps: false,
    indexes: [
      {
        name: "webhook_events_once",
        fields: ["provider", "event_id"],
        unique: true,
        where: { refusal: null },
      },
      { name: "webhook_events_received", fields: ["received_at", "id"] },
      { name: "webhook_events_provider", fields: ["provider", "received_at", "id"] },
      {
        name: "webhook_events_refused",
        fields: ["received_at", "id", "provider"],
        where: { refusal: { [Op.ne]: null } },
      },
    ],
  },
);
