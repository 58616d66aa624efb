import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect } from "#models/database.server";
import { listening, type RunningServer, send, startServer } from "../helpers/server";
import { filesUnder, multipart, noisy } from "../helpers/uploads";

const pictures: Buffer[] = [];
let folder: string;
let env: { DATABASE_URL: string; UPLOADS: string };
beforeAll(async () => {
  for (const width of [400, 410, 420]) pictures.push(await noisy(width, 400).jpeg().toBuffer());
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenfold-uploads-"));
  env = { DATABASE_URL: `sqlite:${join(folder, "test.sqlite")}`, UPLOADS: join(folder, "uploads") };
  return () => rmSync(folder, { recursive: true });
});

function upload({ port }: RunningServer, picture: Buffer, display_name = "Site") {
  const parts: Parameters<typeof multipart>[0] = [
    ["display_name", display_name],
    ["avatar", { bytes: picture, filename: "me.jpg" }],
  ];
  return send(port, { method: "POST", path: "/profile", ...multipart(parts) });
}

/** The keys that the profile points to. */
async function keysOfRow(): Promise<string[]> {
  const database = connect(env.DATABASE_URL);
  const [[row]] = await database.query("SELECT avatar, small_avatar FROM profiles");
  await database.close();
  return Object.values(row as Record<string, string>);
}
const manage = (...args: string[]) =>
  execFileSync(process.execPath, ["build/manage.js", "files", ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });

describe("a server that is killed while a picture is replaced", () => {
  it("at any step leaves a row that points to its files; after the sweep there are no others", async () => {
    const first = await startServer(env);
    expect((await upload(first, pictures[0]!)).status).toBe(303);
    await first.stop();

    const seen = new Set<string>();
    let step = 0;
    for (let answered = false; !answered; ) {
      step += 1;
      const args = ["--import", "./tests/helpers/kill-at.js", "build/server.js"];
      const server = await listening(args, process.cwd(), {
        ...env,
        NODE_ENV: "production",
        KILL_AT: String(step),
      });
      const answer = await upload(server, pictures[step % 3]!).catch(() => null);
      answered = answer !== null;
      if (answer) expect(answer.status).toBe(303);
      else await server.exited;
      await server.stop();
      const keys = await keysOfRow();
      for (const key of keys) expect(existsSync(join(env.UPLOADS, key)), `step ${step}: ${key}`).toBe(true);
      seen.add(keys.join());
    }
    // A folder, a temporary file, two files with their folder, and three that are deleted.
    expect(step).toBeGreaterThan(20);
    // Killed before the commit it was the old picture, after it the new one.
    expect(seen.size).toBeGreaterThan(1);
    expect(seen.size).toBeLessThan(step);
    expect(manage("verify")).toMatch(/^avatars +2 +0 +0 +[1-9]\d*$/m);
    manage("sweep", "--older-than", "0");
    expect(manage("verify")).toMatch(/^avatars +2 +0 +0 +0$/m);
    expect(filesUnder(env.UPLOADS)).toEqual((await keysOfRow()).sort());
  }, 300_000);

  it("under load, again and again, likewise", async () => {
    for (let round = 0; round < 6; round++) {
      const server = await startServer(env);
      const writers = Array.from({ length: 6 }, async (_, n) => {
        for (;;) await upload(server, pictures[n % 3]!);
      });
      const ended = Promise.allSettled(writers);
      await new Promise((wait) => setTimeout(wait, 150 + round * 130));
      server.process.kill("SIGKILL");
      await ended;
      await server.stop();
    }
    // With a row or without one: it throws where a file is missing or damaged.
    manage("verify");
    manage("sweep", "--older-than", "0");
    expect(manage("verify")).toMatch(/^avatars +[02] +0 +0 +0$/m);
  }, 120_000);
});

describe("a disk that is full", () => {
  let server: RunningServer;
  /** The folder as the server sees it: a file system of its own, in a mount namespace that ends with the process. */
  let disk: string;
  beforeEach(async () => {
    mkdirSync(env.UPLOADS);
    const script = `mount -t tmpfs -o size=2m none "$UPLOADS" && exec "$0" build/server.js`;
    const args = ["--map-root-user", "--mount", "sh", "-c", script, process.execPath];
    server = await listening(args, process.cwd(), { ...env, NODE_ENV: "production" }, "unshare");
    disk = `/proc/${server.process.pid}/root${env.UPLOADS}`;
    return () => server.stop();
  });
  const shown = async () =>
    (await send(server.port, { path: "/profile" })).body.match(/\/media\/avatars\/[\w.-]+/)?.[0] ?? "";

  it("refuses a picture in words at its field, keeps what was typed, and leaves the profile as it was", async () => {
    expect((await upload(server, pictures[0]!, "Before")).status).toBe(303);
    const before = [await shown(), filesUnder(disk)];
    const answers = new Set<number>();
    // At the first byte, while it arrives, at the first or the second file that is kept, and not at all.
    for (const free of [0, 8_000, 60_000, 200_000, 240_000, 260_000, 280_000]) {
      rmSync(join(disk, "filler"), { force: true });
      fill(free);
      const { status, body } = await upload(server, pictures[1]!, "Typed");
      answers.add(status);
      if (status === 303) break;
      expect(status).toBe(507);
      expect(body).toContain(
        'id="avatar-error">There is no room left here for this file. Nothing was changed.',
      );
      expect(body).toMatch(/name="display_name"[^>]*value="Typed"/);
      expect([await shown(), filesUnder(disk).filter((path) => path !== "filler")]).toEqual(before);
      expect((await send(server.port, { path: await shown() })).status).toBe(200);
    }
    expect(answers).toContain(507);
    rmSync(join(disk, "filler"));
    expect((await upload(server, pictures[1]!, "After")).status).toBe(303);
    expect(filesUnder(disk)).toHaveLength(2);
  });

  /** Fills the disk until about so many bytes are left. */
  function fill(free: number) {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - free)));
  }
});
