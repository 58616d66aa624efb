import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { closeChannels, groupAdd, groupDiscard, groupSend } from "~/services/channels.server";
import { closeRedis } from "~/services/redis.server";
import { describeWithRedis, type RedisServer, startRedis } from "../helpers/redis-server";
import { set } from "../helpers/settings";

afterEach(closeChannels);

describe("a group", () => {
  it("hears what is sent to it, and nothing that is sent to another", () => {
    const heard: unknown[] = [];
    groupAdd("a", (message) => heard.push(message));
    groupAdd("a", (message) => heard.push(message));
    groupSend("a", { n: 1 });
    groupSend("b", { n: 2 });
    expect(heard).toEqual([{ n: 1 }, { n: 1 }]);
  });
  it("is left by who discards it, and the others go on", () => {
    const heard: string[] = [];
    const leaves = () => heard.push("leaves");
    groupAdd("a", leaves);
    groupAdd("a", () => heard.push("stays"));
    groupDiscard("a", leaves);
    groupSend("a", {});
    expect(heard).toEqual(["stays"]);
  });
  it("that nobody is in may be sent to", () => groupSend("nobody", {}));
});

describeWithRedis("with a Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  /** Another process, as far as Redis can tell. */
  async function another() {
    set({ REDIS_URL: server.url });
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on("error", () => {});
    onTestFinished(() => {
      redis.disconnect();
      closeRedis();
    });
    return {
      redis,
      send: (group: string, message: unknown, from = "another") =>
        redis.publish(`tenfold:channel:${group}`, JSON.stringify({ from, message })),
    };
  }

  it("a group hears what other processes send, and what its own sends once", async () => {
    const group = randomUUID();
    const other = await another();
    const heard: unknown[] = [];
    groupAdd(group, (message) => heard.push(message));
    await expect.poll(() => other.send(group, "theirs")).toBe(1);
    groupSend(group, "ours");
    await expect.poll(() => heard.includes("theirs")).toBe(true);
    await other.send(group, "last");
    await expect.poll(() => heard.at(-1)).toBe("last");
    expect(heard.filter((message) => message === "ours")).toHaveLength(1);
  });
  it("a group that everybody has left is not told of any more", async () => {
    const group = randomUUID();
    const other = await another();
    const listeners = [() => {}, () => {}];
    for (const listener of listeners) groupAdd(group, listener);
    await expect.poll(() => other.send(group, "there")).toBe(1);
    groupDiscard(group, listeners[0]!);
    expect(await other.send(group, "one is left")).toBe(1);
    groupDiscard(group, listeners[1]!);
    await expect.poll(() => other.send(group, "nobody is")).toBe(0);
  });
  it("what is no message of ours is passed over", async () => {
    const group = randomUUID();
    const other = await another();
    const heard: unknown[] = [];
    groupAdd(group, (message) => heard.push(message));
    await expect.poll(() => other.redis.publish(`tenfold:channel:${group}`, "{")).toBe(1);
    await other.send(group, "good");
    await expect.poll(() => heard).toEqual(["good"]);
  });
  it("a Redis that goes away takes no group along: this process hears itself meanwhile, and others when it is back", async () => {
    const group = randomUUID();
    const other = await another();
    const heard: unknown[] = [];
    groupAdd(group, (message) => heard.push(message));
    await expect.poll(() => other.send(group, "before")).toBe(1);
    await server.stop();
    groupSend(group, "meanwhile");
    expect(heard).toContain("meanwhile");
    await server.start();
    await expect.poll(() => other.send(group, "after").catch(() => 0)).toBe(1);
    await expect.poll(() => heard.includes("after")).toBe(true);
  });
});
