/** What people have said in rooms, numbered without a gap. */
import { toUSVString } from "node:util";
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
  type WhereOptions,
} from "sequelize";
import { Activity, type Actor } from "./activity.server";
import { isPostgres, retryingTransaction, sequelize } from "./database.server";
import { prose } from "./rules";
import { rowsOf, select, stored } from "./sql.server";

/** Unicode code points. */
const LONGEST = { name: 50, text: 2_000 };
/** What somebody is called who does not say. */
export const ANONYMOUS = "anonymous";

export const messageText = prose({ name: "Message", max: LONGEST.text, empty: "Enter a message" });

/** A name as it is shown: one line of at most 50 characters; what cannot be seen is no name. */
export function nameOf(typed: string): string {
  const shown = toUSVString(typed)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return /[^\s\p{Cf}]/u.test(shown) ? [...shown].slice(0, LONGEST.name).join("").trim() : ANONYMOUS;
}

/** Who says something: a person with an account, under its name, or anybody under a name of their own. */
export interface Sender {
  /** Null is somebody without an account. */
  userId: number | null;
  name: string;
}

/** Somebody with an account. */
type Author = Actor & { id: number };

/** What is to be added. */
export interface NewMessage {
  roomId: number;
  sender: Sender;
  /** The same for what is sent again, and for nothing else of this sender in this room; null where they do not say. */
  clientId: string | null;
  text: string;
  /** When it was said, where that is not now. */
  createdAt?: Date;
}

/** A message as pages and sockets get it. */
export interface MessageView {
  seq: number;
  userId: number | null;
  name: string;
  clientId: string | null;
  /** Empty where it is deleted. */
  text: string;
  createdAt: Date;
  isEdited: boolean;
  isDeleted: boolean;
}

/** What became of what was sent: it is there now, was there before, has another text under its id, or has no room. */
export type Outcome =
  | { kind: "added" | "known"; message: MessageView }
  | { kind: "conflict" }
  | { kind: "missing" };

/** Whose `client_id` it is. A person without an account is known by their name alone. */
const keyOf = ({ userId, name }: Sender) => (userId === null ? `guest:${name}` : `user:${userId}`);

const ATTRIBUTES = ["seq", "userId", "name", "clientId", "text", "createdAt", "editedAt", "deletedAt"];
type Row = Pick<Attributes<ChatMessage>, "seq" | "userId" | "name" | "clientId" | "text"> & {
  createdAt: Date | string;
  editedAt: unknown;
  deletedAt: unknown;
};

const viewOf = ({ seq, userId, name, clientId, text, createdAt, editedAt, deletedAt }: Row): MessageView => ({
  seq,
  userId,
  name,
  clientId,
  text: deletedAt ? "" : text,
  createdAt: new Date(createdAt),
  isEdited: Boolean(editedAt),
  isDeleted: Boolean(deletedAt),
});

export class ChatMessage extends Model<InferAttributes<ChatMessage>, InferCreationAttributes<ChatMessage>> {
  /** What the history keeps of a change; that something was said is no change. */
  static readonly noted: (keyof Attributes<ChatMessage>)[] = ["text", "name"];

  declare id: CreationOptional<number>;
  declare roomId: number;
  /** Its place in the room: 1, 2, 3 … */
  declare seq: number;
  declare sender: string;
  /** Null for who has no account, or none any more. */
  declare userId: number | null;
  declare name: string;
  declare clientId: CreationOptional<string | null>;
  declare text: string;
  declare createdAt: CreationOptional<Date>;
  declare editedAt: CreationOptional<Date | null>;
  /** It keeps its place when it is deleted. */
  declare deletedAt: CreationOptional<Date | null>;

  /**
   * Adds what was said, in the caller's transaction. Numbers are taken under the lock of the room's row, which is held
   * until the commit: so messages can be seen in the order of their numbers, and none is left out. What was sent before,
   * by its `clientId`, is the message that is there.
   *
   * @returns what became of each, in their order.
   */
  static async add(messages: NewMessage[], transaction: Transaction): Promise<Outcome[]> {
    const outcomes = new Map<NewMessage, Outcome>();
    // In one order, so that no two processes wait for each other.
    for (const roomId of [...new Set(messages.map((message) => message.roomId))].sort((a, b) => a - b)) {
      const here = messages.filter((message) => message.roomId === roomId);
      const added = await addTo(roomId, here, transaction);
      for (const [n, message] of here.entries()) outcomes.set(message, added[n]!);
    }
    return messages.map((message) => outcomes.get(message)!);
  }

  /** Up to `limit` messages after number `seq`, in their order. */
  static async after(roomId: number, seq: number, limit: number): Promise<MessageView[]> {
    return list({ roomId, seq: { [Op.gt]: seq } }, "ASC", limit);
  }

  /** The last `limit` messages before number `seq`, in their order. */
  static async before(roomId: number, seq: number, limit: number): Promise<MessageView[]> {
    return (await list({ roomId, seq: { [Op.lt]: seq } }, "DESC", limit)).reverse();
  }

  /** One message; null where there is none, or none any more. */
  static async find(roomId: number, seq: number): Promise<MessageView | null> {
    const [message] = await list({ roomId, seq, deletedAt: null }, "ASC", 1);
    return message ?? null;
  }

  /** Lets who has said it say it otherwise. @returns the message; null where they have said nothing there. */
  static async edit(roomId: number, seq: number, text: string, by: Author): Promise<MessageView | null> {
    const values = { text: messageText.parse(text), editedAt: new Date() };
    return retryingTransaction(async (transaction) => {
      const where = { roomId, seq, userId: by.id, deletedAt: null };
      const message = await ChatMessage.findOne({ where, transaction, lock: true });
      if (!message) return null;
      if (message.text === values.text) return viewOf(message);
      await Activity.note("change", message.set(values), by, transaction);
      await message.save({ transaction });
      return viewOf(message);
    });
  }

  /**
   * Takes its words away, for who has said it or may do so to anybody's; its place in the room stays.
   *
   * @returns what is left of it; null where there is none for them.
   */
  static async remove(
    roomId: number,
    seq: number,
    by: Author,
    anybodys: boolean,
  ): Promise<MessageView | null> {
    return retryingTransaction(async (transaction) => {
      const where = { roomId, seq, deletedAt: null, ...(!anybodys && { userId: by.id }) };
      const message = await ChatMessage.findOne({ where, transaction, lock: true });
      if (!message) return null;
      await Activity.note("delete", message, by, transaction);
      await message.update({ text: "", deletedAt: new Date() }, { transaction });
      return viewOf(message);
    });
  }
}

type Where = WhereOptions<Attributes<ChatMessage>>;

async function list(where: Where, direction: "ASC" | "DESC", limit: number): Promise<MessageView[]> {
  const order: [string, string][] = [["seq", direction]];
  const rows = await ChatMessage.findAll({ attributes: ATTRIBUTES, where, order, limit, raw: true });
  return (rows as unknown as Row[]).map(viewOf);
}

async function addTo(roomId: number, messages: NewMessage[], transaction: Transaction): Promise<Outcome[]> {
  const lastSeq = await lockRoom(roomId, transaction);
  if (lastSeq === null) return messages.map(() => ({ kind: "missing" }));
  const known = await sentBefore(roomId, messages, transaction);
  const fresh: MessageView[] = [];
  const rows: unknown[][] = [];
  const now = new Date();
  const outcomes = messages.map(({ sender, clientId, text, createdAt = now }): Outcome => {
    const key = keyOf(sender);
    const before = clientId === null ? undefined : known.get(`${key}\n${clientId}`);
    if (before)
      return isSame(before, text) ? { kind: "known", message: before.message } : { kind: "conflict" };
    const { userId, name } = sender;
    const seq = lastSeq + fresh.length + 1;
    const message = { seq, userId, name, clientId, text, createdAt, isEdited: false, isDeleted: false };
    fresh.push(message);
    rows.push([roomId, seq, key, userId, name, clientId, text, stored(createdAt)]);
    if (clientId !== null) known.set(`${key}\n${clientId}`, { text, message });
    return { kind: "added", message };
  });
  if (fresh.length === 0) return outcomes;
  const { sql, bind } = rowsOf(rows);
  await sequelize.query(
    `INSERT INTO chat_messages (room_id, seq, sender, user_id, name, client_id, text, created_at) VALUES ${sql}`,
    { bind, transaction },
  );
  await sequelize.query("UPDATE chat_rooms SET last_seq = $seq WHERE id = $roomId", {
    bind: { seq: lastSeq + fresh.length, roomId },
    transaction,
  });
  return outcomes;
}

/** Whether a text is what was sent before; of what has been changed since nobody knows. */
const isSame = (before: { text: string; message: MessageView }, text: string) =>
  before.text === text || before.message.isEdited || before.message.isDeleted;

/** Keeps others from adding to the room until the transaction ends. @returns its last number; null without a room. */
async function lockRoom(roomId: number, transaction: Transaction): Promise<number | null> {
  // On SQLite the transaction is the only writer.
  const lock = isPostgres() ? "FOR UPDATE" : "";
  const [room] = await select<{ lastSeq: number }>(
    `SELECT last_seq AS "lastSeq" FROM chat_rooms WHERE id = :roomId ${lock}`,
    { roomId },
    transaction,
  );
  return room?.lastSeq ?? null;
}

/** Those of `messages` with a clientId that are stored already, by sender and clientId, with their text. */
async function sentBefore(roomId: number, messages: NewMessage[], transaction: Transaction) {
  const named = messages.filter(({ clientId }) => clientId !== null);
  if (named.length === 0) return new Map<string, { text: string; message: MessageView }>();
  const ids = [...new Set(named.map(({ clientId }) => clientId!))];
  const senders = [...new Set(named.map(({ sender }) => keyOf(sender)))];
  const rows = await ChatMessage.findAll({
    attributes: [...ATTRIBUTES, "sender"],
    where: { roomId, sender: senders, clientId: ids },
    transaction,
    raw: true,
  });
  return new Map(
    rows.map((row) => [
      `${row.sender}\n${row.clientId}`,
      { text: row.text, message: viewOf(row as unknown as Row) },
    ]),
  );
}

ChatMessage.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    roomId: {
      type: DataTypes.INTEGER,
      allowNull: false,
      references: { model: "chat_rooms", key: "id" },
      onDelete: "CASCADE",
    },
    seq: { type: DataTypes.INTEGER, allowNull: false },
    sender: { type: DataTypes.STRING(60), allowNull: false },
    userId: { type: DataTypes.INTEGER, references: { model: "users", key: "id" }, onDelete: "SET NULL" },
    name: { type: DataTypes.STRING(LONGEST.name), allowNull: false },
    clientId: { type: DataTypes.STRING(64) },
    text: { type: DataTypes.STRING(LONGEST.text), allowNull: false },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    editedAt: { type: DataTypes.DATE },
    deletedAt: { type: DataTypes.DATE },
  },
  {
    sequelize,
    modelName: "chat_message",
    tableName: "chat_messages",
    updatedAt: false,
    indexes: [
      { name: "chat_messages_seq", fields: ["room_id", "seq"], unique: true },
      { name: "chat_messages_once", fields: ["room_id", "sender", "client_id"], unique: true },
      { name: "chat_messages_user_id", fields: ["user_id"] },
    ],
  },
);
