/** Says something in a room: on disk first, then told to everybody who listens. */
import { toUSVString } from "node:util";

import {
  ChatMessage,
  type MessageView,
  messageText,
  type NewMessage,
  type Outcome,
} from "#models/chat-message.server";
import { afterCommit, transaction } from "#models/database.server";
import { singleton } from "#models/singleton.server";
import { groupSend } from "~/services/channels.server";
import { inGroups } from "~/services/group-commit.server";
import { buckets } from "~/services/rate.server";
import { type Said, TEXT_MAX } from "./said";

/** What one connection, and one address, may send: 20 at once, 5 a second. */
export const RATE = { burst: 20, perSecond: 5 };

/** Characters that wait to be stored; more is turned away. */
const GROUP = { sizeOf: ({ text }: NewMessage) => text.length + 200, most: 256, waiting: 8_000_000 };

/** The group of those who listen to a room. */
export const groupOf = (roomId: number) => `chat-${roomId}`;

/** What a group is told: the room has come to `seq`, and for speed what was said; or something of it has changed. */
export interface Hint {
  seq: number;
  said: Said[];
  changed?: Said;
}

/** What an address may still send, over sockets and by forms. */
export const ofAddress = singleton("chat rates", () => buckets("chat", RATE));

export function saidOf({
  seq,
  userId,
  name,
  clientId,
  text,
  createdAt,
  isEdited,
  isDeleted,
}: MessageView): Said {
  return {
    seq,
    user: userId,
    username: name,
    text,
    at: createdAt.toISOString(),
    ...(clientId !== null && { client_id: clientId }),
    ...(isEdited && { edited: true }),
    ...(isDeleted && { deleted: true }),
  };
}

/**
 * Stores a message, together with others that come at the same time, and tells of it.
 *
 * @throws Overloaded where more waits than is good for the process.
 */
export const post: (message: NewMessage) => Promise<Outcome> = inGroups(
  (messages: NewMessage[]) =>
    transaction(async (transaction) => {
      const outcomes = await ChatMessage.add(messages, transaction);
      afterCommit(transaction, () => tell(messages, outcomes));
      return outcomes;
    }),
  GROUP,
);

/** Tells the groups of rooms what was said in them. */
function tell(messages: NewMessage[], outcomes: Outcome[]) {
  const byRoom = new Map<number, Said[]>();
  for (const [n, outcome] of outcomes.entries()) {
    if (outcome.kind !== "added") continue;
    const { roomId } = messages[n]!;
    const said = byRoom.get(roomId) ?? [];
    byRoom.set(roomId, said);
    said.push(saidOf(outcome.message));
  }
  for (const [roomId, said] of byRoom) {
    groupSend(groupOf(roomId), { seq: said.at(-1)!.seq, said } satisfies Hint);
  }
}

/** Tells that a message reads otherwise now. */
export function tellChange(roomId: number, message: MessageView) {
  groupSend(groupOf(roomId), { seq: message.seq, said: [], changed: saidOf(message) } satisfies Hint);
}

/** The text of a message, cut to what is kept, or what is wrong with it. */
export function readText(typed: string): { text: string; isCut: boolean } | { error: string } {
  const whole = toUSVString(typed).trim();
  const text = whole.length > TEXT_MAX ? [...whole].slice(0, TEXT_MAX).join("") : whole;
  const { data, error } = messageText.safeParse(text);
  return error ? { error: error.issues[0]!.message } : { text: data, isCut: text.length < whole.length };
}
