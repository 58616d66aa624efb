import { createHmac } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import sqlite3 from "sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { scratchFolder } from "../helpers/folder";
import { type RunningServer, startServer } from "../helpers/server";

const SECRET = "change-me";
const ROUNDS = 20;
const SENDERS = 200;

/** A server whose handler writes one row an event into the table `effects`. */
async function serverOn(DATABASE_URL: string) {
  const TENFOLD_BUILD = new URL("webhooks-build.js", import.meta.url).href;
  const server = await startServer({
    DATABASE_URL,
    TENFOLD_BUILD,
    WEBHOOK_SECRET: SECRET,
    LOG_LEVEL: "silent",
  });
  onTestFinished(() => server.stop());
  return server;
}

/** Sends one event. @returns the status of the answer, or null where there was none. */
function deliver({ port }: RunningServer, id: string, agent: Agent): Promise<number | null> {
  const body = JSON.stringify({ event: "counted", id });
  const headers = {
    "X-Signature": createHmac("sha256", SECRET).update(body).digest("hex"),
    "X-Timestamp": String(Math.floor(Date.now() / 1000)),
    "X-Event-Id": id,
  };
  return new Promise((resolve) => {
    const request = httpRequest(
      { port, host: "127.0.0.1", method: "POST", path: "/webhooks/shop", headers, agent },
      (response) => {
        response.on("error", () => {});
        resolve(response.statusCode ?? null);
        response.resume();
      },
    );
    request.on("error", () => resolve(null));
    request.end(body);
  });
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a database file holds. */
const rows = <Row>(file: string, sql: string) =>
  new Promise<Row[]>((resolve, reject) => {
    const database = new sqlite3.Database(file);
    database.configure("busyTimeout", 10_000);
    database.all<Row>(sql, (error, found) => (error ? reject(error) : resolve(found)));
    database.close();
  });

describe("a server that is killed at random under 200 senders", () => {
  it("has what it answered with 2xx, processes it once, and takes the rest when it is sent again", async () => {
    const file = `${scratchFolder()}/webhooks.sqlite`;
    const url = `sqlite:${file}`;
    const first = await serverOn(url);
    await rows(file, "CREATE TABLE effects (event_id TEXT NOT NULL)");
    await first.stop();

    const accepted = new Set<string>();
    const unanswered = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const server = await serverOn(url);
      const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
      const before = accepted.size;
      let isUp = true;
      const senders = Array.from({ length: SENDERS }, async (_, sender) => {
        for (let n = 0; isUp; n++) {
          const id = `${round}-${sender}-${n}`;
          const status = await deliver(server, id, agent);
          if (status === 200) accepted.add(id);
          else if (status === null) unanswered.add(id);
          else throw new Error(`The answer was ${status}.`);
          if (status === null) return;
        }
      });
      // Once the first are answered, a process that has just started is at work.
      while (accepted.size === before) await sleep(5);
      await sleep(Math.random() * 300);
      server.process.kill("SIGKILL");
      await server.exited;
      isUp = false;
      await Promise.all(senders);
      agent.destroy();
    }
    expect(accepted.size).toBeGreaterThan(ROUNDS);
    expect(unanswered.size).toBeGreaterThan(ROUNDS);

    const last = await serverOn(url);
    const stored = new Set(
      (
        await rows<{ event_id: string }>(file, "SELECT event_id FROM webhook_events WHERE refusal IS NULL")
      ).map(({ event_id }) => event_id),
    );
    const lost = [...accepted].filter((id) => !stored.has(id));
    expect(lost).toEqual([]);

    const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
    const again = await Promise.all(
      [...unanswered].map(async (id) => ({ id, status: await deliver(last, id, agent) })),
    );
    agent.destroy();
    // Where the commit was made and the answer was not sent it is a duplicate.
    const expected = again.map(({ id }) => ({ id, status: stored.has(id) ? 409 : 200 }));
    expect(again).toEqual(expected);

    const everything = accepted.size + unanswered.size;
    const done = async () => {
      const [found] = await rows<{ left: number }>(
        file,
        "SELECT COUNT(*) AS left FROM jobs WHERE name = 'process-webhook' AND status <> 'done'",
      );
      return found?.left;
    };
    await expect.poll(done, { timeout: 240_000, interval: 500 }).toBe(0);
    const effects = await rows<{ event_id: string }>(file, "SELECT event_id FROM effects");
    expect(effects).toHaveLength(everything);
    expect(new Set(effects.map(({ event_id }) => event_id)).size).toBe(everything);
    expect(await rows(file, "SELECT COUNT(*) AS events FROM webhook_events")).toEqual([
      { events: everything },
    ]);
  }, 600_000);
});
