/** The chat over WebSockets: what `ChatConsumer` of the tutorial stands for. */
import { z } from "zod";
import { nameOf, type Sender } from "#models/chat-message.server";
import { Room, type RoomView } from "#models/room.server";
import { inGroups, Overloaded } from "~/services/group-commit.server";
import { LARGEST_ID } from "~/services/http.server";
import { log } from "~/services/log.server";
import { bucket } from "~/services/rate.server";
import { getUser } from "~/services/session.server";
import type { Connection, Handlers, SocketEndpoint } from "~/services/sockets.server";
import { listen } from "./hub.server";
import { ofAddress, post, RATE, readText } from "./post.server";

/** What one sends; what else is in it means nothing. */
const saying = z.object(
  {
    text: z.string("text must be text"),
    username: z.string("username must be text").nullish(),
    client_id: z
      .string("client_id must be text")
      .regex(/^[\w.:-]{8,64}$/, "client_id must be 8 to 64 letters, digits and any of _ . : -")
      .nullish(),
  },
  'Send an object like {"username": "Ada", "text": "Hello"}',
);
/** How far one has read. */
const reading = z.object({
  read: z.number("read must be a number").int("read must be whole").min(0, "read must be 0 or more"),
});

const markRead = inGroups(async (reads: Parameters<typeof Room.markRead>[0]) => {
  await Room.markRead(reads);
  return reads.map(() => undefined);
});

/** A refusal: `code` for programs, `error` in words. */
interface Refusal {
  code: string;
  error: string;
  client_id?: string;
  /** Seconds. */
  retry_after?: number;
}

export const socket: SocketEndpoint = {
  path: "/ws/chat/:room?",
  async open(request, { room: slug }) {
    const after = new URL(request.url).searchParams.get("after");
    if (after !== null && !(/^\d{1,10}$/.test(after) && Number(after) <= LARGEST_ID)) return 400;
    const user = await getUser(request);
    const room = slug ? await Room.find(slug, user) : await Room.first(user);
    return room && ((connection) => talk(room, connection, after === null ? null : Number(after)));
  },
};

function talk(room: RoomView, connection: Connection, after: number | null): Handlers {
  const listening = listen(room, connection, after);
  const rate = bucket(RATE);
  const refuse = (refusal: Refusal) => {
    // Who does not read does not get to know either, rather than fill the memory.
    if (!connection.isFull) connection.send({ type: "error", ...refusal });
  };

  async function say({ text: typed, username, client_id }: z.infer<typeof saying>) {
    const named = client_id ? { client_id } : {};
    const read = readText(typed);
    if ("error" in read) return refuse({ code: "invalid", error: read.error, ...named });
    const { user } = connection;
    const sender: Sender = user
      ? { userId: user.id, name: nameOf(user.name) }
      : { userId: null, name: nameOf(username ?? "") };
    const outcome = await post({ roomId: room.id, sender, clientId: client_id ?? null, text: read.text });
    if (outcome.kind === "missing") return connection.refuse("there is no such room any more");
    if (outcome.kind === "conflict")
      return refuse({ code: "conflict", error: "Another text was sent under this client_id", ...named });
    if (client_id)
      connection.send({ type: "ack", client_id, seq: outcome.message.seq, ...(read.isCut && { cut: true }) });
  }

  function noteRead(seq: number) {
    if (seq > listening.head())
      return refuse({ code: "invalid", error: "read is further than the room has come" });
    if (connection.user) void markRead({ roomId: room.id, userId: connection.user.id, seq }).catch(failed());
  }

  const failed =
    (named: { client_id?: string } = {}) =>
    (error: Error) => {
      if (!(error instanceof Overloaded)) log().error({ err: error }, "unexpected error");
      refuse({ code: "busy", error: "It could not be stored; send it again", retry_after: 1, ...named });
    };

  const tooFast = (wait: number, named: { client_id?: string }) =>
    refuse({
      code: "slow_down",
      error: "That is too fast: 20 at once, then 5 a second",
      retry_after: wait / 1_000,
      ...named,
    });

  function answer(text: string | null, frame: unknown, named: { client_id?: string }) {
    if (text === null) return refuse({ code: "invalid", error: "Send text, not bytes" });
    if (frame === undefined) return refuse({ code: "invalid", error: "That is not JSON" });
    const read = reading.safeParse(frame);
    if (read.success) return noteRead(read.data.read);
    const isRead = typeof frame === "object" && frame !== null && "read" in frame;
    const said = isRead ? read : saying.safeParse(frame);
    if (said.error) return refuse({ code: "invalid", error: said.error.issues[0]!.message, ...named });
    say(said.data as z.infer<typeof saying>).catch(failed(named));
  }

  /** What is said is stored in its order, however long it takes to learn whether it may be. */
  let before = Promise.resolve();

  return {
    message(text) {
      const frame = text === null ? undefined : parsed(text);
      const client_id = saying.shape.client_id.safeParse(
        (frame as { client_id?: unknown } | null)?.client_id,
      ).data;
      const named = client_id ? { client_id } : {};
      const wait = rate.take();
      if (wait > 0) return tooFast(wait, named);
      const waited = ofAddress.take(connection.network);
      before = before
        .then(async () => {
          const wait = await waited;
          return wait > 0 ? tooFast(wait, named) : answer(text, frame, named);
        })
        .catch(failed(named));
    },
    close: listening.leave,
  };
}

/** Undefined for what is no JSON, which has no such value. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
