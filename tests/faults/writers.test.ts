import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { form, type RunningServer, send, startServer } from "../helpers/server";

const add = (server: RunningServer, title: string) =>
  send(server.port, { method: "POST", path: "/todos", ...form({ title }) });

/** The titles that a server lists, over all pages. */
async function titles(server: RunningServer) {
  const found = new Set<string>();
  for (let page = 1; ; page++) {
    const { body } = await send(server.port, { path: `/todos?page=${page}` });
    for (const [, title] of body.matchAll(/<span id="t\d+">([^<]*)</g)) found.add(title!);
    if (!body.includes('rel="next"')) return found;
  }
}

describe("many writers on one SQLite file", () => {
  it("in two processes are all answered, and none is told that the database is busy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tenfold-writers-"));
    const DATABASE_URL = `sqlite:${join(folder, "shared.sqlite")}`;
    const servers = [await startServer({ DATABASE_URL }), await startServer({ DATABASE_URL })];
    const answers = await Promise.all(
      servers.flatMap((server, which) => Array.from({ length: 50 }, (_, n) => add(server, `${which}-${n}`))),
    );
    expect(answers.filter(({ status }) => status !== 303)).toEqual([]);
    expect((await titles(servers[0]!)).size).toBe(100);
    for (const server of servers) {
      expect(server.output()).not.toContain("SQLITE_BUSY");
      await server.stop();
    }
    rmSync(folder, { recursive: true });
  });
});

describe("a server that is killed under load", () => {
  it("has kept every write that it answered, ten times over", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tenfold-killed-"));
    const DATABASE_URL = `sqlite:${join(folder, "killed.sqlite")}`;
    const answered = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const server = await startServer({ DATABASE_URL });
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; ; n++) {
          const title = `${round}-${writer}-${n}`;
          const { status } = await add(server, title);
          if (status === 303) answered.add(title);
        }
      });
      const ended = Promise.allSettled(writers);
      await new Promise((wait) => setTimeout(wait, 60 + round * 25));
      server.process.kill("SIGKILL");
      await ended;
      await server.stop();
    }
    const server = await startServer({ DATABASE_URL });
    const kept = await titles(server);
    await server.stop();
    rmSync(folder, { recursive: true });
    expect(answered.size).toBeGreaterThan(20);
    expect([...answered].filter((title) => !kept.has(title))).toEqual([]);
  });
});
