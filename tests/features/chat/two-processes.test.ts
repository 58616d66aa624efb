import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ChatMessage } from "#models/chat-message.server";
import { Room } from "#models/room.server";
import { describeWithRedis } from "../../helpers/redis-server";
import { LONG, post } from "../../helpers/server";
import { connect, refusal, type SocketClient } from "../../helpers/socket";
import { personAt, startTwoProcesses, type TwoProcesses } from "../../helpers/two-processes";

describeWithRedis("the chat of two processes", { timeout: LONG }, () => {
  let house: TwoProcesses;
  beforeAll(async () => {
    house = await startTwoProcesses();
  }, LONG);
  afterAll(() => house.stop());
  beforeEach(async () => {
    await Room.create({ slug: "general", name: "General" });
  });
  /** What a proxy tells beside the cookie. */
  const https = (headers: { Cookie: string }) => ({ ...headers, "X-Forwarded-Proto": "https" });
  const join = (n: 0 | 1, headers: Record<string, string>) =>
    connect(house.servers[n].port, "/ws/chat/general?after=0", { headers });

  it("brings what is said on one, by sockets and by forms, to who listens on the other", async () => {
    const { headers } = await personAt(house, "ada");
    const [one, other] = [await join(0, https(headers)), await join(1, https(headers))];
    await Promise.all([one, other].map((client) => client.got({ type: "level" })));
    one.send({ text: "said on the one" });
    await other.got({ text: "said on the one" });
    await post(house.servers[1], "/chat/general", { text: "written on the other" }, https(headers));
    await one.got({ text: "written on the other" });
  });
  it("tells who listens on the other what is changed and deleted on the one", async () => {
    const { headers } = await personAt(house, "ada");
    const other = await join(1, https(headers));
    await post(house.servers[0], "/chat/general", { text: "a mistkae" }, https(headers));
    await other.got({ type: "message", text: "a mistkae" });
    const change = (fields: Record<string, string>) =>
      post(house.servers[0], "/chat/general/1/edit", fields, https(headers));
    await change({ text: "a mistake" });
    await other.got({ type: "change", seq: 1, text: "a mistake", edited: true });
    await change({ intent: "delete" });
    await other.got({ type: "change", seq: 1, text: "", deleted: true });
  });
  it("counts what an address sends together: 20 at once, by both", async () => {
    const { headers } = await personAt(house, "ada");
    const from = { ...https(headers), "X-Forwarded-For": "198.51.100.1" };
    const clients = [await join(0, from), await join(1, from)];
    const start = performance.now();
    // No more than one connection may send by itself.
    const answers = Array.from({ length: 20 }, (_, n) =>
      clients.map((client) => {
        const client_id = randomUUID();
        client.send({ text: `${n}`, client_id });
        return Promise.race([
          client.got({ type: "ack", client_id }),
          client.got({ type: "error", client_id }),
        ]);
      }),
    );
    const types = (await Promise.all(answers.flat())).map(({ type }) => type);
    const comesBack = Math.ceil((performance.now() - start) / 200);
    const taken = types.filter((type) => type === "ack").length;
    expect(taken).toBeGreaterThanOrEqual(20);
    expect(taken).toBeLessThanOrEqual(20 + comesBack);
  });
  it("gives a person 20 sockets on both together; one that closes on the one makes room on the other", async () => {
    const headers = https((await personAt(house, "ada")).headers);
    const clients = await Promise.all(Array.from({ length: 20 }, (_, n) => join(n % 2 ? 0 : 1, headers)));
    const refused = (n: 0 | 1) => refusal(house.servers[n].port, "/ws/chat/general", { headers });
    expect([await refused(0), await refused(1)]).toEqual(["429", "429"]);
    clients[0]!.socket.close();
    await expect.poll(() => refused(0)).toBe("open");
  });
  it("gives a person 20 sockets also where forty are asked of both at once", async () => {
    const headers = https((await personAt(house, "ada")).headers);
    const ask = (n: number) => refusal(house.servers[n % 2]!.port, "/ws/chat/general", { headers });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(n)));
    expect(answers.filter((answer) => answer === "open")).toHaveLength(20);
  });
  it("ends a person's sockets on both within 5 s of a logout on one", async () => {
    const { headers } = await personAt(house, "ada");
    const clients = [await join(0, https(headers)), await join(1, https(headers))];
    await post(house.servers[0], "/accounts/logout", {}, https(headers));
    for (const { closed } of clients) expect((await closed).code).toBe(1008);
  });
  it("takes the sockets of a process that is killed for gone within seconds", async () => {
    const headers = https((await personAt(house, "ada")).headers);
    await Promise.all(Array.from({ length: 20 }, () => join(0, headers)));
    expect(await refusal(house.servers[1].port, "/ws/chat/general", { headers })).toBe("429");
    house.servers[0].process.kill("SIGKILL");
    await house.restart(0);
    await expect.poll(() => refusal(house.servers[1].port, "/ws/chat/general", { headers })).toBe("open");
  });
  it("has no gap and nothing twice for anybody, while one after the other is restarted", async () => {
    const { headers } = await personAt(house, "ada");
    let isOver = false;
    const open = async (after: number): Promise<SocketClient> => {
      const path = `/ws/chat/general?after=${after}`;
      for (;;) {
        const client = await connect(house.port, path, { headers, keep: true }).catch(() => null);
        if (client) return client;
        await sleep(50);
      }
    };
    const codes = new Set<number>();
    const acknowledged = new Map<string, number>();
    const writer = async () => {
      let client = await open(0);
      for (let n = 0; !isOver; n++) {
        const [text, client_id] = [`message ${n}`, randomUUID()];
        for (;;) {
          client.send({ text, client_id });
          const ack = await client.got({ type: "ack", client_id }).catch(() => null);
          if (ack) {
            acknowledged.set(text, ack.seq);
            break;
          }
          codes.add((await client.closed).code);
          client = await open(0);
        }
        await sleep(250);
      }
      client.socket.terminate();
    };
    let last: number | undefined;
    const reader = async () => {
      const read: { seq: number; text: string }[] = [];
      while (read.at(-1)?.seq !== last || last === undefined) {
        const client = await open(read.at(-1)?.seq ?? 0);
        const isOpen = () => client.socket.readyState === client.socket.OPEN;
        while (client.frames.length > 0 || isOpen()) {
          for (const { type, seq, text } of client.frames.splice(0))
            if (type === "message") read.push({ seq, text });
          if (last !== undefined && read.at(-1)?.seq === last) break;
          await sleep(20);
        }
        client.socket.terminate();
      }
      return read;
    };
    const reading = Array.from({ length: 4 }, reader);
    const writing = writer();
    for (const n of [0, 1] as const) expect(await house.restart(n)).toBe(0);
    isOver = true;
    await writing;
    const room = (await Room.find("general", null))!;
    last = room.lastSeq;
    const stored = (await ChatMessage.after(room.id, 0, 10_000)).map(({ seq, text }) => ({ seq, text }));
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, n) => n + 1));
    expect(new Map(stored.map(({ seq, text }) => [text, seq]))).toEqual(acknowledged);
    for (const read of await Promise.all(reading)) expect(read).toEqual(stored);
    expect([...codes]).toEqual([1012]);
  });
});
