/**
 * Groups in which parts of the site tell each other things: what the channel layer of Django Channels stands for. Within
 * this process, and with REDIS_URL across all of them. What is told is a hint and may be lost: the truth is in the
 * database.
 */
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { singleton } from "#models/singleton.server";
import { log } from "./log.server";
import { redis } from "./redis.server";

const PREFIX = "tenfold:channel:";

type Listener = (message: unknown) => void;

const layer = singleton("channels", () => ({
  /** How other processes' messages are told from this one's own. */
  id: randomUUID(),
  groups: new EventEmitter().setMaxListeners(0),
  subscriber: undefined as Redis | undefined,
}));

/** Has `listener` called with what is sent to a group from now on, wherever it is sent. */
export function groupAdd(group: string, listener: Listener) {
  layer.groups.on(group, listener);
  if (layer.groups.listenerCount(group) > 1) return;
  layer.subscriber ??= subscriber();
  layer.subscriber?.subscribe(PREFIX + group).catch(away);
}

/** Ends what `groupAdd` began. */
export function groupDiscard(group: string, listener: Listener) {
  layer.groups.off(group, listener);
  if (layer.groups.listenerCount(group) === 0) layer.subscriber?.unsubscribe(PREFIX + group).catch(away);
}

/** Tells a group: this process at once, others as soon as Redis does. The message is what JSON can hold. */
export function groupSend(group: string, message: unknown) {
  layer.groups.emit(group, message);
  redis()
    ?.publish(PREFIX + group, JSON.stringify({ from: layer.id, message }))
    .catch(away);
}

/** Ends the connection to Redis; every group is left. */
export function closeChannels() {
  layer.groups.removeAllListeners();
  layer.subscriber?.disconnect();
  layer.subscriber = undefined;
}

/** A connection of its own: one that subscribes can do nothing else. It subscribes again by itself after an outage. */
function subscriber(): Redis | undefined {
  const client = redis()?.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  client?.on("error", () => {});
  client?.on("message", (channel: string, text: string) => {
    try {
      const { from, message } = JSON.parse(text);
      if (from !== layer.id) layer.groups.emit(channel.slice(PREFIX.length), message);
    } catch (error) {
      log().warn({ err: error, channel }, "channels: a message that is not from here");
    }
  });
  return client;
}

const away = (error: Error) => log().debug({ err: error }, "channels: Redis is away");
