import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getLarge, hashOf, postLarge } from "../helpers/large-files";
import { addPeople, LONG, type RunningServer, send, startServer } from "../helpers/server";
import { filesUnder, multipart } from "../helpers/uploads";

const MB = 2 ** 20;
const LARGE = 400 * MB;

let server: RunningServer;
let cookie: { Cookie: string };
beforeAll(async () => {
  server = await startServer({ DOCUMENT_LIMIT: "500 MB" });
  cookie = await addPeople(server, "boss");
});
afterAll(() => server.stop());

const files = () => filesUnder(server.uploads);
const page = (path: string) => send(server.port, { path, headers: cookie });
const upload = (
  parts: Parameters<typeof multipart>[0],
  { headers = {}, path = "/documents/upload" }: { headers?: Record<string, string>; path?: string } = {},
) => {
  const { headers: type, body } = multipart(parts);
  return send(server.port, { method: "POST", path, headers: { ...type, ...cookie, ...headers }, body });
};
/** Uploads one file. @returns the path of its page. */
async function kept(bytes: Buffer | string, filename = "file.txt") {
  const { status, headers } = await upload([["file", { bytes, filename }]]);
  expect(status).toBe(303);
  return String(headers.location);
}
const total = async () => (await page("/documents")).body.match(/<p>(\d+) documents?/)?.[1] ?? "0";
const memory = () => {
  const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
  return Number(status.match(/VmRSS:\s+(\d+)/)![1]) / 1024;
};

/** The most MiB by which the server's memory grows while some work goes on. */
async function growth(work: () => Promise<unknown>) {
  const before = memory();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, memory());
  }, 20);
  await work();
  clearInterval(watch);
  return most - before;
}

describe("a large file", () => {
  it(
    "goes up and down whole, and the server's memory hardly grows",
    async () => {
      // What is loaded once is no growth.
      await getLarge(server.port, `${await kept("warm")}/download`, cookie);
      let path = "";
      const up = await growth(async () => {
        const answer = await postLarge(server.port, "/documents/upload", LARGE, cookie);
        expect(answer.statusCode).toBe(303);
        path = answer.headers.location!;
      });
      expect(up).toBeLessThan(64);
      const down = await growth(async () => {
        const got = await getLarge(server.port, `${path}/download`, cookie);
        expect(got).toMatchObject({ status: 200, size: LARGE, sha256: hashOf(LARGE), isCut: false });
        expect(got.headers.etag).toBe(`"${hashOf(LARGE)}"`);
      });
      expect(down).toBeLessThan(64);
    },
    LONG,
  );
  it(
    "is held for a client that does not take it, without being read on",
    async () => {
      const path = await kept(Buffer.alloc(60 * MB, "x"));
      const grown = await growth(async () => {
        const stalled = Array.from({ length: 10 }, () => {
          const socket = connect(server.port, "127.0.0.1");
          socket.pause();
          socket.write(`GET ${path}/download HTTP/1.1\r\nHost: a\r\nCookie: ${cookie.Cookie}\r\n\r\n`);
          return socket;
        });
        for (let n = 0; n < 20; n += 1) expect((await page("/healthz")).status).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        for (const socket of stalled) socket.destroy();
      });
      expect(grown).toBeLessThan(64);
      const open = () =>
        spawnSync("ls", [`/proc/${server.process.pid}/fd`, "-l"], { encoding: "utf8" }).stdout;
      await expect.poll(() => open()).not.toContain("uploads/documents/");
    },
    LONG,
  );
  it("over the limit is refused at its field, and so far over it by the gate; nothing is kept", async () => {
    const before = files();
    const small = await startServer({ DOCUMENT_LIMIT: "1 MB" });
    const own = await addPeople(small, "boss");
    const refused = multipart([
      ["title", "Typed"],
      ["file", { bytes: Buffer.alloc(2 * MB), filename: "big.bin" }],
    ]);
    const answer = await send(small.port, {
      method: "POST",
      path: "/documents/upload",
      headers: { ...refused.headers, ...own },
      body: refused.body,
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('id="file-error">“big.bin” must be smaller than 1 MB');
    expect(answer.body).toMatch(/name="title"[^>]*value="Typed"/);
    const far = await postLarge(small.port, "/documents/upload", 25 * MB, own).then(
      ({ statusCode }) => statusCode,
      () => "cut",
    );
    expect(far).toBe(413);
    expect(filesUnder(small.uploads)).toEqual([]);
    await small.stop();
    expect(files()).toEqual(before);
  });
});

describe("a download that was broken off", () => {
  it(
    "is completed by curl -C -, with the right hash",
    async () => {
      const path = await kept(readFileSync(process.execPath), "node");
      const target = join(server.folder, "resumed");
      const curl = (...args: string[]) =>
        execFileSync("curl", [
          "-sS",
          "-H",
          `Cookie: ${cookie.Cookie}`,
          "-o",
          target,
          ...args,
          `${server.url}${path}/download`,
        ]);
      curl();
      truncateSync(target, 12_345_678);
      curl("-C", "-");
      const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
      expect(hash(target)).toBe(hash(process.execPath));
      rmSync(target);
    },
    LONG,
  );
});

describe("a file that is damaged on disk", () => {
  it("is cut off before it could be taken for good, found by the check, and named", async () => {
    const before = files();
    const path = await kept(Buffer.alloc(5 * MB, "x"), "damaged.bin");
    const key = files().find((file) => !before.includes(file))!;
    const content = readFileSync(join(server.uploads, key));
    content[4 * MB]! ^= 1;
    writeFileSync(join(server.uploads, key), content);
    const got = await getLarge(server.port, `${path}/download`, cookie);
    expect(got).toMatchObject({ status: 200, isCut: true });
    expect(got.size).toBeLessThanOrEqual(4 * MB);
    const verify = spawnSync(process.execPath, ["build/manage.js", "vault", "verify"], {
      env: { ...process.env, DATABASE_URL: server.databaseUrl, UPLOADS: server.uploads },
      encoding: "utf8",
    });
    expect(verify.status).toBe(1);
    expect(verify.stderr).toBe(`damaged: #${path.split("/").at(-1)} “damaged” (${key})\n`);
    const vault = await page("/documents/vault");
    expect(vault.body).toContain("1 missing or damaged");
    expect(vault.body).toContain(key);
    rmSync(join(server.uploads, key));
    expect((await getLarge(server.port, `${path}/download`, cookie)).status).toBe(500);
  });
});

describe("an upload", () => {
  it("whose client goes away leaves neither row nor file, wherever it stops", async () => {
    const [before, count] = [files(), await total()];
    const { headers, body } = multipart([
      ["title", "Gone"],
      ["file", { bytes: Buffer.alloc(3 * MB, "x"), filename: "gone.bin" }],
    ]);
    const head = `POST /documents/upload HTTP/1.1\r\nHost: a\r\nCookie: ${cookie.Cookie}\r\nContent-Type: ${headers["Content-Type"]}\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (const part of [0, 0.0001, 0.2, 0.6, 0.9999]) {
      await new Promise<void>((done) => {
        const socket = connect(server.port, "127.0.0.1", () => {
          socket.write(head);
          socket.write(body.subarray(0, Math.floor(body.length * part)), () =>
            setTimeout(() => socket.destroy(), 30),
          );
        });
        socket.on("close", () => done());
      });
    }
    await expect.poll(() => files()).toEqual(before);
    expect(await total()).toBe(count);
  });
  it("of several files keeps all of them, each called after its file", async () => {
    const names = ["one.txt", "two.md", "three"];
    const answer = await upload(names.map((filename) => ["file", { bytes: filename, filename }]));
    expect([answer.status, answer.headers.location]).toEqual([303, "/documents"]);
    const { body } = await page("/documents");
    for (const title of ["one", "two", "three"]) expect(body).toContain(`>${title}</a>`);
  });
  it.each([
    ["no file", [["title", "x"]], "Choose a file"],
    [
      "an empty file",
      [["file", { bytes: "", filename: "empty.txt" }]],
      "“empty.txt” is empty. Choose another",
    ],
    [
      "an empty one among others, of which none is kept then",
      [
        ["file", { bytes: "good", filename: "good.txt" }],
        ["file", { bytes: "", filename: "empty.txt" }],
      ],
      "“empty.txt” is empty. Choose another. The others were not saved either",
    ],
    [
      "the name of a file as text",
      [["file", "report.pdf"]],
      "The file did not arrive as a file. Choose it again",
    ],
    [
      "a title of 201 characters",
      [
        ["title", "x".repeat(201)],
        ["file", { bytes: "x", filename: "a" }],
      ],
      "Title must be 200",
    ],
  ] as [string, Parameters<typeof multipart>[0], string][])(
    "with %s is refused in words",
    async (_, parts, words) => {
      const before = files();
      const answer = await upload(parts);
      expect(answer.status).toBe(422);
      expect(answer.body).toContain(words);
      expect(files()).toEqual(before);
    },
  );
  it("with more files than the form takes says how many it takes, and keeps none", async () => {
    const before = files();
    const many = Array.from({ length: 23 }, (_, n) => ["file", { bytes: "x", filename: `${n}.txt` }]);
    const { status, body } = await upload(many as Parameters<typeof multipart>[0]);
    expect(status).toBe(422);
    expect(body).toContain(
      "Choose at most 20 files; those after them were refused. The others were not saved either",
    );
    await expect.poll(() => files()).toEqual(before);
  });
  it("to somebody else's document or to none is a 404 before anything of it is kept", async () => {
    const before = files();
    const file: Parameters<typeof multipart>[0] = [["file", { bytes: "x".repeat(MB), filename: "a.txt" }]];
    expect((await upload(file, { path: "/documents/999/edit" })).status).toBe(404);
    const anonymous = await upload(file, { headers: { Cookie: "" } });
    expect([anonymous.status, String(anonymous.headers.location)]).toEqual([
      303,
      expect.stringContaining("/accounts/login"),
    ]);
    expect(files()).toEqual(before);
  });
});

describe("an upload that trickles", () => {
  it(
    "one byte a second is ended after a while, leaves nothing, and holds nobody up meanwhile",
    async () => {
      const logged = server.output().length;
      const before = files();
      const { headers, body } = multipart([["file", { bytes: Buffer.alloc(MB, "x"), filename: "slow.bin" }]]);
      const head = `POST /documents/upload HTTP/1.1\r\nHost: a\r\nCookie: ${cookie.Cookie}\r\nContent-Type: ${headers["Content-Type"]}\r\nContent-Length: ${body.length}\r\n\r\n`;
      const slow = Array.from({ length: 20 }, () => {
        const socket = connect(server.port, "127.0.0.1");
        socket.write(head);
        socket.write(body.subarray(0, 2_000));
        let at = 2_000;
        const drip = setInterval(() => socket.write(body.subarray(at, ++at)), 1_000);
        return new Promise<void>((done) => {
          socket.on("error", () => {});
          socket.on("close", () => {
            clearInterval(drip);
            done();
          });
        });
      });
      expect((await page("/documents")).status).toBe(200);
      await kept("meanwhile");
      await Promise.all(slow);
      await expect.poll(() => files().filter((file) => file.startsWith("tmp/"))).toEqual([]);
      expect(files().length).toBe(before.length + 1);
      expect(server.output().slice(logged)).not.toContain("unexpected error");
    },
    LONG,
  );
});
