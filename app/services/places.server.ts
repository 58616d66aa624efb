/**
 * How many sockets each person, and each address, has open. With REDIS_URL those of all processes count together; where
 * it is away, each process counts for itself.
 */
import { randomUUID } from "node:crypto";
import { singleton } from "#models/singleton.server";
import { AWAY, ask } from "./redis.server";

/** Milliseconds after which a process that has not told of its places has none: it was killed. */
const LIFE = 8_000;

const PROCESSES = "tenfold:sockets";
const keyOf = (id: string) => `${PROCESSES}:${id}`;

const state = singleton("places", () => ({
  id: randomUUID(),
  /** Of this process, with those that are only asked for. */
  counts: new Map<string, number>(),
  isToTell: false,
}));

/**
 * Takes a place where all processes together have no more than so many. Each has a hash of its counts, which dies with
 * it; adding them up and writing one's own is one step.
 */
const TAKE = `
  local own, who, count, most, life = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
  local total = count
  for _, id in ipairs(redis.call("smembers", KEYS[1])) do
    local key = KEYS[1] .. ":" .. id
    if redis.call("exists", key) == 0 then
      redis.call("srem", KEYS[1], id)
    elseif id ~= own then
      total = total + (redis.call("hget", key, who) or 0)
    end
  end
  if total > most then return 0 end
  redis.call("sadd", KEYS[1], own)
  redis.call("hset", KEYS[1] .. ":" .. own, who, count)
  redis.call("pexpire", KEYS[1] .. ":" .. own, life)
  return 1`;

/** Takes one of the `most` places that `who` may have. @returns whether there was one. */
export async function takePlace(who: string, most: number): Promise<boolean> {
  const { id, counts } = state;
  const count = (counts.get(who) ?? 0) + 1;
  if (count > most) return false;
  counts.set(who, count);
  const isFree = await ask((redis) => redis.eval(TAKE, 1, PROCESSES, id, who, count, most, LIFE));
  if (isFree === AWAY || isFree === 1) return true;
  leavePlace(who);
  return false;
}

/** Gives a place back. The others are told in a moment, of all that are given back at once. */
export function leavePlace(who: string) {
  const left = (state.counts.get(who) ?? 1) - 1;
  if (left > 0) state.counts.set(who, left);
  else state.counts.delete(who);
  if (state.isToTell) return;
  state.isToTell = true;
  setImmediate(() => void tellPlaces());
}

/** Tells Redis of all places of this process. To be called more often than they live: it heals whatever was lost. */
export async function tellPlaces() {
  state.isToTell = false;
  const key = keyOf(state.id);
  await ask(async (redis) => {
    const told = redis.multi().del(key);
    if (state.counts.size > 0)
      told.hset(key, Object.fromEntries(state.counts)).pexpire(key, LIFE).sadd(PROCESSES, state.id);
    await told.exec();
  });
}
