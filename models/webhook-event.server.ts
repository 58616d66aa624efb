/** Events that other systems have sent, and what became of each. How they come in: webhook-arrival. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type WhereOptions,
} from "sequelize";
import { sequelize, transaction } from "./database.server";
import { select } from "./sql.server";
import { daysAgo } from "./time";
import { bytesOf, type KeptBody } from "./webhook-body.server";

const LONGEST_ID = 255;
const LONGEST_NAME = 100;
/** Rows of one transaction, where there are many: others are to get a turn. */
const AT_ONCE = 100;

/**
 * What an event may be called by its sender: up to 255 characters, none of them control characters. Half a surrogate
 * pair, which JSON can hold, would be stored as another character.
 */
export const isEventId = (id: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  id.length <= LONGEST_ID && !/[\u0000-\u001f\u007f\p{Surrogate}]/u.test(id);

/** The type of an event as it is kept; null for what is no text. */
export const eventName = (name: unknown): string | null =>
  typeof name === "string" && name !== ""
    ? [...name.replace(/\p{Cc}/gu, "")].slice(0, LONGEST_NAME).join("")
    : null;

interface WithBody extends KeptBody {
  id: number;
  provider: string;
  event: string | null;
  eventId: string | null;
  receivedAt: Date;
  /** To the byte; null where it is not kept any more. */
  body: Buffer | null;
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

  /** An event with its body as it came; null where there is none. */
  static async withBody(id: number): Promise<WithBody | null> {
    const [event] = await Event.withBodies([id]);
    return event ?? null;
  }

  /** Events with their bodies, in the order of these ids; null for what is not there. */
  static async withBodies(ids: number[]): Promise<(WithBody | null)[]> {
    const rows = await select<Omit<WithBody, "body" | "receivedAt"> & { receivedAt: Date | string }>(
      `SELECT id, provider, event, event_id AS "eventId", received_at AS "receivedAt",
         CAST(payload AS TEXT) AS payload, text, bytes FROM webhook_events WHERE id IN (:ids)`,
      { ids },
    );
    const events = rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt), body: bytesOf(row) }));
    return ids.map((id) => events.find((event) => event.id === id) ?? null);
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
        fields: ["received_at", "id", "provider", "size"],
        where: { refusal: { [Op.ne]: null } },
      },
      {
        name: "webhook_events_refused_of",
        fields: ["provider", "received_at", "id", "size", "refusal"],
        where: { refusal: { [Op.ne]: null } },
      },
    ],
  },
);
