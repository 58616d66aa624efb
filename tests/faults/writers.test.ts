import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../helpers/folder";
import { addPeople, LONG, post, type RunningServer, send, startServer } from "../helpers/server";

type Cookie = Record<string, string>;
const add = (server: RunningServer, cookie: Cookie, name: string) =>
  post(server, "/admin/accounts/group/add", { name }, cookie);

/** The names of all groups that a server knows. */
async function names(server: RunningServer, cookie: Cookie) {
  const { body } = await send(server.port, { path: "/admin/accounts/group/export.csv", headers: cookie });
  return new Set(body.split("\r\n").map((line) => line.split(",")[1]));
}

describe("many writers on one SQLite file", () => {
  it("in two processes are all answered, and none is told that the database is busy", async () => {
    const DATABASE_URL = `sqlite:${join(scratchFolder(), "shared.sqlite")}`;
    const servers = await Promise.all([startServer({ DATABASE_URL }), startServer({ DATABASE_URL })]);
    const cookie = await addPeople(servers[0], "boss");
    const answers = await Promise.all(
      servers.flatMap((server, which) =>
        Array.from({ length: 50 }, (_, n) => add(server, cookie, `${which}-${n}`)),
      ),
    );
    expect(answers.filter(({ status }) => status !== 303)).toEqual([]);
    const kept = await names(servers[0], cookie);
    for (const which of [0, 1]) for (let n = 0; n < 50; n++) expect(kept).toContain(`${which}-${n}`);
    for (const server of servers) {
      expect(server.output()).not.toContain("SQLITE_BUSY");
      await server.stop();
    }
  });
});

describe("a server that is killed under load", () => {
  it("has kept every write that it answered, ten times over", { timeout: 3 * LONG }, async () => {
    const DATABASE_URL = `sqlite:${join(scratchFolder(), "killed.sqlite")}`;
    const answered = new Set<string>();
    let cookie: Cookie = {};
    for (let round = 0; round < 10; round++) {
      const server = await startServer({ DATABASE_URL });
      if (round === 0) cookie = await addPeople(server, "boss");
      let enough = () => {};
      const some = new Promise<void>((resolve) => {
        enough = resolve;
      });
      const before = answered.size;
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; ; n++) {
          const name = `${round}-${writer}-${n}`;
          const { status } = await add(server, cookie, name);
          if (status === 303) answered.add(name);
          if (answered.size === before + 3 + round * 2) enough();
        }
      });
      const ended = Promise.allSettled(writers);
      await some;
      server.process.kill("SIGKILL");
      await ended;
      await server.stop();
    }
    const server = await startServer({ DATABASE_URL });
    const kept = await names(server, cookie);
    await server.stop();
    expect(answered.size).toBeGreaterThan(20);
    expect([...answered].filter((name) => !kept.has(name))).toEqual([]);
  });
});
