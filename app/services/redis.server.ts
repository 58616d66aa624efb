/** The connection to Redis, where REDIS_URL names one: opened at its first use, closed by stop(). */
import { Redis } from "ioredis";
import { singleton } from "#models/singleton.server";
import { breaker } from "./breaker.server";
import { config } from "./config.server";

/** Milliseconds that a command may take, the wait for the connection included. */
const COMMAND_TIMEOUT = 500;

const connection = () => singleton("redis", () => ({ client: undefined as Redis | undefined }));

/**
 * The process's connection; undefined without REDIS_URL. It comes back by itself after an outage. A command fails after
 * half a second at the latest, and at once where Redis refuses: who uses it has to have something to fall back on.
 */
export function redis(): Redis | undefined {
  const { REDIS_URL } = config();
  if (!REDIS_URL) return undefined;
  const ours = connection();
  ours.client ??= open(REDIS_URL);
  return ours.client;
}

function open(url: string) {
  const client = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT,
    connectTimeout: 2 * COMMAND_TIMEOUT,
    maxRetriesPerRequest: 0,
    // What nobody waits for any more is not to be written later.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  // Each command that fails says so itself; an error without a listener would be printed each time.
  client.on("error", () => {});
  return client;
}

/** What stands for the answer of a Redis that there is not, or that does not answer. */
export const AWAY = Symbol("Redis is away");

const guard = () => singleton("redis breaker", () => breaker({ name: "redis", rest: 5_000, patience: 100 }));

/**
 * What Redis answers; AWAY where there is none, or it does not answer. One that is silent holds up one call in five
 * seconds, and nobody else.
 */
export async function ask<T>(work: (redis: Redis) => Promise<T>): Promise<T | typeof AWAY> {
  const client = redis();
  if (!client) return AWAY;
  return guard()
    .call(() => work(client))
    .catch(() => AWAY);
}

/** Closes the connection. The next use opens another. */
export function closeRedis() {
  const ours = connection();
  ours.client?.disconnect();
  ours.client = undefined;
}
