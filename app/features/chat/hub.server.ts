/**
 * Who listens to which room in this process, and how far each has come. Everybody gets every message of a room once, in
 * the order of their numbers: what is told is taken where it is the next one, and else read from the database.
 */
import { ChatMessage } from "#models/chat-message.server";
import { Room, type RoomView } from "#models/room.server";
import { singleton } from "#models/singleton.server";
import { groupAdd, groupDiscard } from "~/services/channels.server";
import { log } from "~/services/log.server";
import { type Connection, framed } from "~/services/sockets.server";
import { groupOf, type Hint, saidOf } from "./post.server";
import type { Said } from "./said";

/** Messages that one reading brings. */
const READ = 100;
/** Milliseconds between two looks at how far rooms have come: what nobody was told of is found then. */
const LOOK = 1_000;

/** Somebody who listens. */
interface Listener {
  connection: Connection;
  /** The number of the last message that they have. */
  level: number;
  /** They get what is said as it is said; else they are being brought level. */
  isLive: boolean;
  /** They have said how far they are, and are told when they are level and what changes. */
  follows: boolean;
}

const hubs = singleton("chat hubs", () => ({
  rooms: new Map<number, Hub>(),
  timer: undefined as NodeJS.Timeout | undefined,
}));

const frameOf = (said: Said) => framed({ type: "message", ...said });

class Hub {
  readonly listeners = new Set<Listener>();
  /** The number of the last message that was sent to who is live. */
  #head: number;
  /** The number that the room is known to have come to. */
  #target: number;
  /** What was told and is not the next one. */
  readonly #ahead = new Map<number, Buffer>();
  #isReading = false;
  readonly #hear = (hint: unknown) => this.told(hint as Hint);

  constructor(
    readonly roomId: number,
    lastSeq: number,
  ) {
    this.#head = lastSeq;
    this.#target = lastSeq;
    groupAdd(groupOf(roomId), this.#hear);
  }

  get head() {
    return this.#head;
  }

  close() {
    groupDiscard(groupOf(this.roomId), this.#hear);
  }

  told({ seq, said, changed }: Hint) {
    if (changed) return this.#change(changed);
    for (const one of said) if (one.seq > this.#head) this.#ahead.set(one.seq, frameOf(one));
    this.#target = Math.max(this.#target, seq);
    this.#goOn();
  }

  /** Brings a listener level with the room, page by page and no faster than they read; from then on they are live. */
  async bring(listener: Listener) {
    const { connection } = listener;
    try {
      for (;;) {
        await connection.drained();
        if (!this.listeners.has(listener)) return;
        if (listener.level >= this.#head) break;
        const head = this.#head;
        const found = await ChatMessage.after(this.roomId, listener.level, READ);
        if (found.length > 0)
          connection.write(Buffer.concat(found.map((message) => frameOf(saidOf(message)))));
        listener.level = found.length < READ ? Math.max(found.at(-1)?.seq ?? 0, head) : found.at(-1)!.seq;
      }
      listener.isLive = true;
      if (listener.follows) connection.send({ type: "level", seq: listener.level });
    } catch (error) {
      log().warn({ err: error }, "chat: the database did not answer");
      // They come back, and say how far they are.
      connection.drop();
    }
  }

  #change(said: Said) {
    const frame = framed({ ...said, type: "change" });
    for (const { connection, follows } of this.listeners)
      if (follows && !connection.isFull) connection.write(frame);
  }

  #goOn() {
    if (this.#isReading) return;
    this.#sendAhead();
    if (this.#head >= this.#target) return;
    this.#isReading = true;
    this.#readOn()
      .catch((error) => log().warn({ err: error }, "chat: the database did not answer"))
      .finally(() => {
        this.#isReading = false;
      });
  }

  /** Sends what is the next one, and all that follows on it, in one go. */
  #sendAhead() {
    const first = this.#head + 1;
    const frames: Buffer[] = [];
    for (let next = first; this.#ahead.has(next); next += 1) {
      frames.push(this.#ahead.get(next)!);
      this.#ahead.delete(next);
      this.#head = next;
    }
    if (frames.length > 0) this.#broadcast(first, frames);
  }

  /** Reads what was not told. */
  async #readOn() {
    while (this.#head < this.#target) {
      const target = this.#target;
      const found = await ChatMessage.after(this.roomId, this.#head, READ);
      for (const message of found) this.#ahead.set(message.seq, frameOf(saidOf(message)));
      const head = this.#head;
      this.#sendAhead();
      // Somebody has taken rows away by hand: what is not there cannot be waited for.
      if (this.#head === head) this.#head = found[0] ? found[0].seq - 1 : target;
      for (const seq of this.#ahead.keys()) if (seq <= this.#head) this.#ahead.delete(seq);
    }
  }

  #broadcast(first: number, frames: Buffer[]) {
    const all = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
    for (const listener of this.listeners) {
      // Who comes from another process, or has read in the database, may be further than this one.
      const known = listener.level + 1 - first;
      if (!listener.isLive || known >= frames.length) continue;
      if (listener.connection.isFull) {
        // Too slow: they get the rest from the database, when they have read this.
        listener.isLive = false;
        void this.bring(listener);
        continue;
      }
      listener.connection.write(known > 0 ? Buffer.concat(frames.slice(known)) : all);
      listener.level = this.#head;
    }
  }
}

/**
 * Has somebody listen to a room, from message `after` on, or from now on.
 *
 * @returns how far the room has come, and what ends it.
 */
export function listen(room: RoomView, connection: Connection, after: number | null) {
  const hub = hubs.rooms.get(room.id) ?? new Hub(room.id, room.lastSeq);
  hubs.rooms.set(room.id, hub);
  hubs.timer ??= setInterval(look, LOOK).unref();
  const listener: Listener = {
    connection,
    level: Math.min(after ?? hub.head, Math.max(hub.head, room.lastSeq)),
    isLive: after === null,
    follows: after !== null,
  };
  hub.listeners.add(listener);
  if (!listener.isLive) void hub.bring(listener);
  // The room has come further while the handshake was made.
  hub.told({ seq: room.lastSeq, said: [] });
  return {
    head: () => hub.head,
    leave() {
      hub.listeners.delete(listener);
      if (hub.listeners.size > 0) return;
      hub.close();
      hubs.rooms.delete(room.id);
    },
  };
}

let isLooking = false;

/** Finds what nobody was told of, and who may not be here any more. */
async function look() {
  if (isLooking || hubs.rooms.size === 0) return;
  isLooking = true;
  try {
    // Of who comes during the question it says nothing.
    const asked = [...hubs.rooms.values()].map((hub) => ({ hub, listeners: [...hub.listeners] }));
    const rooms = await Room.standing(asked.map(({ hub }) => hub.roomId));
    for (const { hub, listeners } of asked) {
      const room = rooms.get(hub.roomId);
      for (const { connection } of listeners) {
        if (!room) connection.refuse("there is no such room any more");
        else if (room.members && !room.members.has(connection.user?.id ?? 0))
          connection.refuse("not a member any more");
      }
      if (room) hub.told({ seq: room.lastSeq, said: [] });
    }
  } catch (error) {
    log().warn({ err: error }, "chat: the database did not answer");
  } finally {
    isLooking = false;
  }
}
