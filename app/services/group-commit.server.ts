/** Group commit: what comes while one transaction, or one reading, is under way goes into the next one, together. */
import { mayHaveCommitted } from "#models/database.server";

interface Limits<Item> {
  /** Bytes of an item; 0. */
  sizeOf?(item: Item): number;
  /** Items of a group, and bytes. */
  most?: number;
  bytes?: number;
  /** Bytes that may wait; more is turned away. */
  waiting?: number;
}

/** Too much waits. */
export class Overloaded extends Error {}

/**
 * Returns what commits an item together with others, and resolves with its own result once that is on disk. Where a
 * group fails, its items are tried one by one: one of them must not take the others along. Not so where it may have been
 * stored all the same: then each is told the error.
 */
export function inGroups<Item, Result>(
  commit: (items: Item[]) => Promise<Result[]>,
  {
    sizeOf = () => 0,
    most = Number.POSITIVE_INFINITY,
    bytes = Number.POSITIVE_INFINITY,
    waiting = Number.POSITIVE_INFINITY,
  }: Limits<Item> = {},
): (item: Item) => Promise<Result> {
  interface Entry {
    item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  let line: Entry[] = [];
  let waits = 0;
  let isWorking = false;

  function nextGroup(): Entry[] {
    let size = 0;
    let count = 0;
    for (const { item } of line) {
      if (count > 0 && (count >= most || size + sizeOf(item) > bytes)) break;
      size += sizeOf(item);
      count += 1;
    }
    const group = line.slice(0, count);
    line = line.slice(count);
    waits -= size;
    return group;
  }

  async function settle(group: Entry[]) {
    try {
      const results = await commit(group.map(({ item }) => item));
      for (const [n, { resolve }] of group.entries()) resolve(results[n]!);
    } catch (error) {
      if (group.length > 1 && !mayHaveCommitted(error)) for (const entry of group) await settle([entry]);
      else for (const { reject } of group) reject(error);
    }
  }

  async function work() {
    isWorking = true;
    // Those that come in the same moment.
    await new Promise((resolve) => setImmediate(resolve));
    while (line.length > 0) await settle(nextGroup());
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waits + sizeOf(item) > waiting) return reject(new Overloaded());
      line.push({ item, resolve, reject });
      waits += sizeOf(item);
      if (!isWorking) void work();
    });
}
