/** Rooms in which people talk, who is let into them, and how far each has read. */
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
} from "sequelize";
import { sequelize } from "./database.server";
import { line, optionalLine, slug } from "./rules";
import { rowsOf, select } from "./sql.server";

const LONGEST = { slug: 50, name: 100, topic: 200 };
/** Rooms that a list shows. */
const MOST_ROOMS = 200;

export const roomSlug = slug(LONGEST.slug);
export const roomName = line({ name: "Name", max: LONGEST.name, empty: "Enter a name for the room" });
export const roomTopic = optionalLine({
  name: "Topic",
  max: LONGEST.topic,
  empty: "Enter a topic that can be seen",
});

/** Who looks; null is who has not signed in. */
type Viewer = { id: number } | null;

/** A room as its page gets it. */
export interface RoomView {
  id: number;
  slug: string;
  name: string;
  topic: string;
  membersOnly: boolean;
  /** The number of its newest message; 0 while there is none. */
  lastSeq: number;
}

/** A room in the list of those that a person may enter. */
export interface ListedRoom extends Omit<RoomView, "id"> {
  /** What came since the person was last here; null where they have never been, or are not signed in. */
  unread: number | null;
}

const COLUMNS = `r.id, r.slug, r.name, r.topic, r.members_only AS "membersOnly", r.last_seq AS "lastSeq"`;

/** The rooms `r` that a viewer, `:viewer`, may know of: a scope, so that a stranger's room is as good as none. */
const VISIBLE = `(NOT r.members_only OR EXISTS
  (SELECT 1 FROM chat_members m WHERE m.room_id = r.id AND m.user_id = :viewer))`;

export class Room extends Model<InferAttributes<Room>, InferCreationAttributes<Room>> {
  static readonly noted: (keyof Attributes<Room>)[] = ["name", "slug", "topic", "membersOnly"];

  declare id: CreationOptional<number>;
  declare slug: string;
  declare name: string;
  declare topic: CreationOptional<string>;
  declare membersOnly: CreationOptional<boolean>;
  /** The number of the newest message. It rises in the transaction that adds messages, under the row's lock. */
  declare lastSeq: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;

  /** The rooms that a person may enter, by name. */
  static async list(viewer: Viewer): Promise<ListedRoom[]> {
    const rows = await select<RoomView & { seen: number | null }>(
      `SELECT ${COLUMNS}, p.seq AS seen
       FROM chat_rooms r LEFT JOIN chat_reads p ON p.room_id = r.id AND p.user_id = :viewer
       WHERE ${VISIBLE} ORDER BY r.name, r.id LIMIT ${MOST_ROOMS}`,
      { viewer: viewer?.id ?? 0 },
    );
    return rows.map(({ seen, ...row }) => {
      const { id: _, ...room } = read(row);
      return { ...room, unread: seen === null ? null : Math.max(0, room.lastSeq - seen) };
    });
  }

  /** The room of that name in the address; null also where it is not for this person. */
  static async find(slug: string, viewer: Viewer): Promise<RoomView | null> {
    return roomSlug.safeParse(slug).success ? one("r.slug = :slug", { slug }, viewer) : null;
  }

  /** The room that one comes into by default: the oldest that this person may enter. */
  static async first(viewer: Viewer): Promise<RoomView | null> {
    return one("1 = 1", {}, viewer);
  }

  /** How much is said in the rooms that are open to all. */
  static async totals(): Promise<{ rooms: number; messages: number }> {
    const [row] = await select<{ rooms: number | string; messages: number | string | null }>(
      "SELECT COUNT(*) AS rooms, SUM(last_seq) AS messages FROM chat_rooms WHERE NOT members_only",
    );
    return { rooms: Number(row?.rooms), messages: Number(row?.messages) };
  }

  /** Of these rooms those that are still there: the number of the newest message, and who may be in; null is everybody. */
  static async standing(
    ids: number[],
  ): Promise<Map<number, { lastSeq: number; members: Set<number> | null }>> {
    const rows = await select<Pick<RoomView, "id" | "lastSeq" | "membersOnly">>(
      `SELECT ${COLUMNS} FROM chat_rooms r WHERE r.id IN (:ids)`,
      { ids },
    );
    const closed = rows.filter(({ membersOnly }) => membersOnly).map(({ id }) => id);
    const members =
      closed.length > 0 ? await RoomMember.findAll({ where: { roomId: closed }, raw: true }) : [];
    return new Map(
      rows.map(({ id, lastSeq, membersOnly }) => {
        const theirs = members.filter(({ roomId }) => roomId === id).map(({ userId }) => userId);
        return [id, { lastSeq, members: membersOnly ? new Set(theirs) : null }];
      }),
    );
  }

  /** Notes how far people have read; what they have read stays read. */
  static async markRead(reads: { roomId: number; userId: number; seq: number }[]) {
    const furthest = new Map<string, number[]>();
    for (const { roomId, userId, seq } of reads) {
      const key = `${roomId} ${userId}`;
      furthest.set(key, [roomId, userId, Math.max(seq, furthest.get(key)?.[2] ?? 0)]);
    }
    const { sql, bind } = rowsOf([...furthest.values()].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
    await sequelize.query(
      `INSERT INTO chat_reads (room_id, user_id, seq) VALUES ${sql}
       ON CONFLICT (room_id, user_id) DO UPDATE SET seq = excluded.seq WHERE chat_reads.seq < excluded.seq`,
      { bind },
    );
  }

  /** How far a person has read a room; null where they have never been in it. */
  static async readTo(roomId: number, userId: number): Promise<number | null> {
    const row = await RoomRead.findOne({ where: { roomId, userId }, raw: true });
    return row?.seq ?? null;
  }
}

async function one(condition: string, replacements: object, viewer: Viewer): Promise<RoomView | null> {
  const [row] = await select<RoomView>(
    `SELECT ${COLUMNS} FROM chat_rooms r WHERE ${condition} AND ${VISIBLE} ORDER BY r.id LIMIT 1`,
    { ...replacements, viewer: viewer?.id ?? 0 },
  );
  return row ? read(row) : null;
}

/** SQLite has no booleans. */
const read = <Row extends { membersOnly: boolean }>(row: Row): Row => ({
  ...row,
  membersOnly: Boolean(row.membersOnly),
});

Room.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    slug: { type: DataTypes.STRING(LONGEST.slug), allowNull: false },
    name: { type: DataTypes.STRING(LONGEST.name), allowNull: false },
    topic: { type: DataTypes.STRING(LONGEST.topic), allowNull: false, defaultValue: "" },
    membersOnly: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    lastSeq: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    createdAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "room",
    tableName: "chat_rooms",
    updatedAt: false,
    indexes: [{ name: "chat_rooms_slug", fields: ["slug"], unique: true }],
  },
);

const pair = (model: string) =>
  ({
    type: DataTypes.INTEGER,
    primaryKey: true,
    references: { model, key: "id" },
    onDelete: "CASCADE",
  }) as const;

/** Somebody who may enter a room that is not for everybody. */
export class RoomMember extends Model<InferAttributes<RoomMember>, InferCreationAttributes<RoomMember>> {
  declare roomId: number;
  declare userId: number;
}

RoomMember.init(
  { roomId: pair("chat_rooms"), userId: pair("users") },
  {
    sequelize,
    modelName: "room_member",
    tableName: "chat_members",
    timestamps: false,
    indexes: [{ name: "chat_members_user_id", fields: ["user_id"] }],
  },
);

class RoomRead extends Model<InferAttributes<RoomRead>, InferCreationAttributes<RoomRead>> {
  declare roomId: number;
  declare userId: number;
  declare seq: CreationOptional<number>;
}

RoomRead.init(
  {
    roomId: pair("chat_rooms"),
    userId: pair("users"),
    seq: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  },
  {
    sequelize,
    modelName: "room_read",
    tableName: "chat_reads",
    timestamps: false,
    indexes: [{ name: "chat_reads_user_id", fields: ["user_id"] }],
  },
);
