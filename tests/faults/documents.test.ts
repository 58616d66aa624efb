import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { connect } from "#models/database.server";
import { addPeople, listening, type RunningServer, send, startServer } from "../helpers/server";
import { filesUnder, multipart } from "../helpers/uploads";

const VERY_LONG = 300_000;
/** More than one block, so that a kill can come between two. */
const content = (n: number) => Buffer.alloc(700_000 + n, String(n));

let folder: string;
let env: { DATABASE_URL: string; UPLOADS: string };
let cookie: { Cookie: string };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tenfold-vault-"));
  env = { DATABASE_URL: `sqlite:${join(folder, "test.sqlite")}`, UPLOADS: join(folder, "uploads") };
  return () => rmSync(folder, { recursive: true });
});

/** Adds the superuser whose session outlives every server of a test, and one document, which has the id 1. */
async function begin() {
  const server = await startServer(env);
  cookie = await addPeople(server, "boss");
  expect((await upload(server, 0)).status).toBe(303);
  await server.stop();
}

const post = ({ port }: RunningServer, path: string, fields: [string, string][], n?: number) => {
  const file = { bytes: content(n ?? 0), filename: `${n}.txt` };
  const { headers, body } = multipart(n === undefined ? fields : [...fields, ["file", file]]);
  return send(port, { method: "POST", path, headers: { ...headers, ...cookie }, body });
};
const upload = (server: RunningServer, n: number) => post(server, "/documents/upload", [], n);
const replace = (server: RunningServer, n: number, id = 1) =>
  post(
    server,
    `/documents/${id}/edit`,
    [
      ["title", `Version ${n}`],
      ["filename", "x.txt"],
    ],
    n,
  );
const verb = (server: RunningServer, id: number, name: string) =>
  post(server, `/documents/${id}/${name}`, []);

interface Row {
  id: number;
  title: string;
  key: string;
  sha256: string;
}

async function rows(): Promise<Row[]> {
  const database = connect(env.DATABASE_URL);
  const [found] = await database.query("SELECT id, title, key, sha256 FROM documents ORDER BY id");
  await database.close();
  return found as Row[];
}

/** Every row points to a file that has the bytes it says. */
async function expectWhole(when: string): Promise<Row[]> {
  const found = await rows();
  for (const { key, sha256 } of found) {
    const path = join(env.UPLOADS, key);
    expect(existsSync(path), `${when}: ${key}`).toBe(true);
    expect(createHash("sha256").update(readFileSync(path)).digest("hex"), when).toBe(sha256);
  }
  return found;
}

const manage = (...args: string[]) =>
  spawnSync(process.execPath, ["build/manage.js", ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });

/** The check finds nothing wrong; and after a sweep nothing left behind either. */
function expectClean() {
  const { status, stdout, stderr } = manage("vault", "verify");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Every file is whole.");
  expect(manage("files", "sweep", "--older-than", "0").status).toBe(0);
  expect(manage("vault", "verify").stdout).not.toContain("orphaned");
}

/** A server that is killed before the n-th thing that it does to a file. */
const dying = (step: number) =>
  listening(["--import", "./tests/helpers/kill-at.js", "build/server.js"], process.cwd(), {
    ...env,
    NODE_ENV: "production",
    KILL_AT: String(step),
  });

/** Does something on servers that die at their first step, their second, and so on, until one lives. */
async function killedAtEachStep(work: (server: RunningServer, step: number) => Promise<{ status: number }>) {
  let step = 0;
  for (let answered = false; !answered; ) {
    step += 1;
    const server = await dying(step);
    const answer = await work(server, step).catch(() => null);
    answered = answer !== null;
    if (answer) expect(answer.status).toBe(303);
    else await server.exited;
    await server.stop();
    await expectWhole(`step ${step}`);
    expect(manage("vault", "verify").status, `step ${step}`).toBe(0);
  }
  return step;
}

describe("a server that is killed at any step", () => {
  it(
    "of an upload has the document whole, or not at all",
    async () => {
      await begin();
      const steps = await killedAtEachStep(upload);
      expect(steps).toBeGreaterThan(6);
      // Those that were committed before the answer could go out are there as well.
      expect((await rows()).length).toBeGreaterThan(1);
      expectClean();
    },
    VERY_LONG,
  );
  it(
    "of a replacement has one version whole, and that of its title",
    async () => {
      await begin();
      const steps = await killedAtEachStep(replace);
      expect(steps).toBeGreaterThan(6);
      const [{ title, sha256 }] = (await rows()) as [Row];
      const n = Number(title.match(/^Version (\d+)$/)![1]);
      expect(sha256).toBe(createHash("sha256").update(content(n)).digest("hex"));
      expectClean();
      expect(filesUnder(env.UPLOADS)).toEqual((await rows()).map(({ key }) => key));
    },
    VERY_LONG,
  );
  it(
    "of a deletion for good has the document with its file, or neither once it runs again",
    async () => {
      await begin();
      const server = await dying(1);
      expect((await verb(server, 1, "delete")).status).toBe(303);
      // Its file goes in the background, which is its first step.
      await verb(server, 1, "erase").catch(() => null);
      expect(await server.exited).toBe(null);
      expect(await expectWhole("after the kill")).toEqual([]);
      expect(manage("vault", "verify").status).toBe(0);
      const after = await startServer(env);
      // The worker that began the job is dead, which is not believed at once.
      await expect.poll(() => filesUnder(env.UPLOADS), { timeout: VERY_LONG, interval: 500 }).toEqual([]);
      await after.stop();
      expectClean();
    },
    VERY_LONG,
  );
  it(
    "and again and again under a load of all of these, has every row with its bytes",
    async () => {
      await begin();
      for (let round = 0; round < 5; round += 1) {
        const server = await startServer(env);
        let n = round * 100;
        let answered = 0;
        const writers = Array.from({ length: 6 }, async (_, writer) => {
          for (;;) {
            n += 1;
            const { headers } = await upload(server, n);
            const id = Number(String(headers.location).split("/").at(-1));
            answered += 1;
            await replace(server, n + 1, writer % 2 ? 1 : id);
            if (writer % 3 === 0) await verb(server, id, "delete");
            if (writer % 6 === 0) await verb(server, id, "erase");
          }
        });
        const ended = Promise.allSettled(writers);
        // Somewhere in what it does then.
        await expect.poll(() => answered, { interval: 5 }).toBeGreaterThan(1 + round * 3);
        server.process.kill("SIGKILL");
        await ended;
        await server.stop();
        await expectWhole(`round ${round}`);
        expect(manage("vault", "verify").status).toBe(0);
      }
      expect((await rows()).length).toBeGreaterThan(5);
      expectClean();
    },
    VERY_LONG,
  );
});

describe("a disk that is full", () => {
  it(
    "refuses an upload and a replacement in words, and leaves what was there as it was",
    async () => {
      mkdirSync(env.UPLOADS);
      const script = `mount -t tmpfs -o size=3m none "$UPLOADS" && exec "$0" build/server.js`;
      const args = ["--map-root-user", "--mount", "sh", "-c", script, process.execPath];
      const server = await listening(args, process.cwd(), { ...env, NODE_ENV: "production" }, "unshare");
      const disk = `/proc/${server.process.pid}/root${env.UPLOADS}`;
      cookie = await addPeople(server, "boss");
      expect((await upload(server, 1)).status).toBe(303);
      const [before, files] = [await rows(), filesUnder(disk)];
      for (const free of [0, 8_000, 300_000, 600_000]) {
        rmSync(join(disk, "filler"), { force: true });
        const { bavail, bsize } = statfsSync(disk);
        writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - free)));
        for (const answer of [await upload(server, 2), await replace(server, 2)]) {
          expect(answer.status).toBe(507);
          expect(answer.body).toContain("There is no room left here for this file. Nothing was changed.");
        }
        expect([await rows(), filesUnder(disk).filter((file) => file !== "filler")]).toEqual([before, files]);
      }
      rmSync(join(disk, "filler"));
      expect((await replace(server, 2)).status).toBe(303);
      await server.stop();
    },
    VERY_LONG,
  );
});
