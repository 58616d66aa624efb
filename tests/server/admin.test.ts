import { readFileSync } from "node:fs";
import { connect as connectTo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "#models/database.server";
import { addPeople, LONG, type RunningServer, send, startServer } from "../helpers/server";

let server: RunningServer;
let headers: { Cookie: string };

const ROWS = 150_000;

beforeAll(async () => {
  server = await startServer();
  headers = await addPeople(server, "boss");
  const database = connect(server.databaseUrl);
  const numbers = (most: number) =>
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${most})`;
  // Names of 200 characters: more than a connection holds by itself.
  await database.query(`${numbers(ROWS)} INSERT INTO groups (name) SELECT PRINTF('%0200d', n) FROM numbers`);
  await database.query(
    `${numbers(60)} INSERT INTO users (username, username_key, email, display_name, date_joined)
     SELECT 'person-with-a-long-name-' || n, 'person-with-a-long-name-' || n, n || '@mail.example.com',
       'Somebody with a long name, the ' || n || 'th', '2026-01-01 00:00:00.000 +00:00' FROM numbers`,
  );
  await database.close();
}, LONG);
afterAll(() => server.stop());

it("a page of the list is at most 60 kB of HTML at 50 rows", async () => {
  const { status, body } = await send(server.port, { path: "/admin/accounts/user?q=person", headers });
  expect([status, body.match(/aria-label="Select /g)?.length]).toEqual([200, 50]);
  expect(Buffer.byteLength(body)).toBeLessThan(60_000);
});

it.each(["/admin", "/admin/accounts/user", "/admin/accounts/user/add", "/admin/accounts/user/1/change"])(
  "%s is found with a slash at its end too, as in Django",
  async (path) => {
    for (const url of [path, `${path}/`]) {
      expect((await send(server.port, { path: url, headers })).status).toBe(200);
    }
  },
);

/** Bytes that the server has read, of the database above all. */
const bytesRead = () =>
  Number(readFileSync(`/proc/${server.process.pid}/io`, "utf8").match(/rchar: (\d+)/)![1]);

it(
  "a CSV that is read slowly is not read ahead of, and its rows arrive all the same",
  async () => {
    const path = "/admin/accounts/group/export.csv?o=name";
    const socket = connectTo(server.port, "127.0.0.1");
    const head = [`GET ${path} HTTP/1.1`, "Host: a", `Cookie: ${headers.Cookie}`, "Connection: close"];
    const before = bytesRead();
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    let lines = 0;
    await new Promise<void>((resolve) => socket.once("data", () => resolve(void socket.pause())));
    let last = -1;
    const isStill = () => {
      const before = last;
      last = bytesRead();
      return last - before < 10_000;
    };
    await expect.poll(isStill, { interval: 500, timeout: LONG }).toBe(true);
    const whileStalled = bytesRead() - before;
    socket.on("data", (chunk) => {
      for (const byte of chunk) if (byte === 10) lines += 1;
    });
    await new Promise((resolve) => socket.resume().once("end", resolve));
    expect(whileStalled).toBeLessThan((bytesRead() - before) / 2);
    expect(lines).toBeGreaterThanOrEqual(ROWS);
  },
  LONG,
);

it("a CSV is not read at all for who asks for its head", async () => {
  const before = bytesRead();
  const path = "/admin/accounts/group/export.csv";
  const { status, body } = await send(server.port, { method: "HEAD", path, headers });
  expect([status, body]).toEqual([200, ""]);
  expect(bytesRead() - before).toBeLessThan(5_000_000);
});
