import { ChatMessage, nameOf } from "#models/chat-message.server";
import { transaction } from "#models/database.server";
import { Room, RoomMember, roomName, roomSlug, roomTopic } from "#models/room.server";
import { MINUTE } from "#models/time";
import { User } from "#models/user.server";
import { counted } from "~/components/counted";
import { adminEntry, type Many } from "~/services/admin.server";
import { isId } from "~/services/http.server";
import { DEMO_ROOMS, demoText } from "./demo.server";
import { socket } from "./socket.server";

export const name = "chat";

export const sockets = [socket];

const members: Many = {
  name: "members",
  label: "Members",
  help: "Who may enter, where it is for members only",
  choices: async () =>
    (await User.findAll({ order: ["username"] })).map(({ id, username }) => ({
      value: String(id),
      label: username,
    })),
  async read(row, transaction) {
    const rows = await RoomMember.findAll({ where: { roomId: row.get("id") as number }, transaction });
    return rows.map(({ userId }) => String(userId));
  },
  async write(row, ids, transaction) {
    const roomId = row.get("id") as number;
    const people = await User.findAll({
      attributes: ["id"],
      where: { id: ids.filter(isId).map(Number) },
      transaction,
    });
    await RoomMember.destroy({ where: { roomId }, transaction });
    await RoomMember.bulkCreate(
      people.map(({ id: userId }) => ({ roomId, userId })),
      { transaction },
    );
  },
};

export const admin = [
  adminEntry<Room>({
    model: Room,
    list: ["name", "slug", "membersOnly", "lastSeq", "createdAt"],
    search: ["name", "slug", "topic"],
    filters: ["membersOnly", "createdAt"],
    ordering: ["name"],
    readonly: ["lastSeq"],
    labels: { lastSeq: "Messages" },
    help: {
      slug: "Its name in the address, /chat/general",
      membersOnly: "For others it is as if it were not there",
    },
    rules: { slug: roomSlug, name: roomName, topic: roomTopic },
    prepopulate: { slug: "name" },
    many: [members],
    viewOnSite: ({ slug }) => `/chat/${slug}`,
  }),
  adminEntry<ChatMessage>({
    model: ChatMessage,
    singular: "message",
    plural: "messages",
    name: ({ name, seq }) => `${name} #${seq}`,
    list: ["roomId", "seq", "name", "text", "createdAt", "deletedAt"],
    search: ["name", "text"],
    filters: ["roomId", "createdAt"],
    ordering: ["-id"],
    secret: ["clientId", "sender"],
    labels: { seq: "Number" },
    viewOnly: true,
    refuse: async () => ({
      name: "",
      message: "A message is deleted where it stands: its number has to stay",
    }),
  }),
];

export async function figure() {
  const { rooms, messages } = await Room.totals();
  if (messages === 0) return null;
  const said = counted(messages, "message");
  return rooms === 1 ? said : `${said} in ${rooms} rooms`;
}

/** Messages that one transaction adds. */
const AT_ONCE = 500;

export const seed = {
  count: 120,
  /** Adds what is missing of the demo rooms and of the first `count` demo messages: one every half hour, up to now. */
  async run(count: number) {
    if (count === 0) return;
    const people = await User.findAll({
      attributes: ["id", "username", "displayName"],
      order: ["id"],
      limit: 6,
    });
    for (const room of DEMO_ROOMS) await Room.findOrCreate({ where: { slug: room.slug }, defaults: room });
    const rooms = await Room.findAll({ where: { slug: DEMO_ROOMS.map(({ slug }) => slug) }, order: ["id"] });
    const closed = rooms.filter(({ membersOnly }) => membersOnly);
    await RoomMember.bulkCreate(
      closed.flatMap(({ id: roomId }) => people.slice(0, 3).map(({ id: userId }) => ({ roomId, userId }))),
      { ignoreDuplicates: true },
    );
    const now = Date.now();
    for (let start = 0; start < count; start += AT_ONCE) {
      const messages = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => {
        const n = start + index;
        const person = people[(n * 5) % Math.max(people.length, 1)];
        return {
          roomId: rooms[n % 4 === 3 ? Math.floor(n / 4) % rooms.length : 0]!.id,
          sender: person
            ? { userId: person.id, name: nameOf(person.displayName || person.username) }
            : { userId: null, name: n % 2 ? "Mary" : "Jürgen" },
          clientId: `demo-${String(n).padStart(8, "0")}`,
          text: demoText(n),
          createdAt: new Date(now - (count - n) * 30 * MINUTE),
        };
      });
      await transaction((transaction) => ChatMessage.add(messages, transaction));
    }
  },
};
