import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, it, vi } from "vitest";
import * as files from "~/services/files.server";
import { filesUnder } from "../helpers/uploads";

const root = () => process.env.UPLOADS!;
const HOUR = 60 * 60 * 1000;

const keep = (text: string, area = "things") =>
  files.put([Buffer.from(text)], { area, extension: "txt" }).then(({ key }) => key);

async function read(key: string, range = {}) {
  const file = await files.open(key, range);
  if (!file) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What is forced to disk and what is renamed while `work` runs, in its order, by the folder that it is in. */
async function stepsOf(work: () => Promise<unknown>) {
  const steps: string[] = [];
  const { open, rename } = fs;
  vi.spyOn(fs, "open").mockImplementation(async (path, ...rest) => {
    const handle = await open(path, ...rest);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      await sync();
      steps.push(`sync ${relative(root(), String(path)).replace(/\/.*/, "/…") || "."}`);
    };
    return handle;
  });
  vi.spyOn(fs, "rename").mockImplementation(async (from, to) => {
    steps.push("rename");
    await rename(from, to);
  });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  }
  return steps;
}

/** Who points to these keys. */
const owner = (...keys: string[]): files.FileOwner => ({
  area: "things",
  async *keys() {
    yield* keys;
  },
});

/** Makes a file look as if it had not been touched for some hours. */
function age(path: string, hours: number) {
  const at = new Date(Date.now() - hours * HOUR);
  utimesSync(join(root(), path), at, at);
}

describe("a file that is kept", () => {
  it("has a key, its size and the SHA-256 of its content", async () => {
    async function* chunks() {
      yield Buffer.from("hel");
      yield Buffer.from("lo");
    }
    const sha256 = createHash("sha256").update("hello").digest("hex");
    const file = await files.put(chunks(), { area: "things", extension: "txt" });
    expect(file).toEqual({ key: expect.any(String), size: 5, sha256 });
    expect(file.key).toMatch(new RegExp(`^things/[0-9a-f]{32}-${sha256.slice(0, 32)}\\.txt$`));
    expect(await read(file.key)).toBe("hello");
  });
  it("is forced to disk before it gets its name, and the name before its key is known", async () => {
    expect(await stepsOf(() => keep("first"))).toEqual(["sync tmp/…", "sync .", "rename", "sync things"]);
    expect(await stepsOf(() => keep("second"))).toEqual(["sync tmp/…", "rename", "sync things"]);
  });
  it("is one for each upload, also where the content is the same", async () => {
    const [first, second] = [await keep("same"), await keep("same")];
    expect(first).not.toBe(second);
    await files.remove(first);
    expect(await read(second)).toBe("same");
  });
  it("may be empty, and needs no extension", async () => {
    const { key, size } = await files.put([], { area: "things" });
    expect([size, await read(key), key.includes(".")]).toEqual([0, "", false]);
  });
  it("is readable by its owner only", async () => {
    const key = await keep("private");
    expect(statSync(join(root(), key)).mode & 0o777).toBe(0o600);
  });
  it("leaves nothing where what arrives breaks off", async () => {
    async function* broken() {
      yield Buffer.alloc(100_000);
      throw new Error("broken off");
    }
    await expect(files.put(broken(), { area: "things" })).rejects.toThrow("broken off");
    expect(filesUnder()).toEqual([]);
  });
  it.each(["tmp", "../x", "a/b", "", "UPPER"])("is not taken into an area called %j", async (area) => {
    await expect(files.put([Buffer.from("x")], { area })).rejects.toThrow();
    expect(filesUnder()).toEqual([]);
  });
});

describe("a file for a while", () => {
  it("is there for as long as the work, and not after", async () => {
    const seen = await files.withTemporary([Buffer.from("bytes")], async (path) =>
      readFileSync(path, "utf8"),
    );
    expect([seen, filesUnder()]).toEqual(["bytes", []]);
  });
  it("goes also where the work fails", async () => {
    const failing = files.withTemporary([Buffer.from("bytes")], () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(filesUnder()).toEqual([]);
  });
});

describe("reading", () => {
  it.each([
    [{}, "0123456789"],
    [{ start: 7 }, "789"],
    [{ start: 2, end: 4 }, "234"],
    [{ end: 0 }, "0"],
    [{ start: 9, end: 99 }, "9"],
  ])("the range %j gives %j, and the size of all", async (range, text) => {
    const key = await keep("0123456789");
    expect(await read(key, range)).toBe(text);
    expect((await files.open(key, range))?.size).toBe(10);
  });
  it("what is not there gives null", async () => {
    const key = await keep("x");
    await files.remove(key);
    expect(await files.open(key)).toBeNull();
  });
});

describe("no text leads out of the store", () => {
  const outside = () => join(dirname(root()), "outside.txt");
  const name = `${"0".repeat(32)}-${"0".repeat(32)}`;
  it.each([
    "../outside.txt",
    "things/../../outside.txt",
    `things/../${name}`,
    `../${name}`,
    `/things/${name}`,
    `things//${name}`,
    `things/./${name}`,
    `things\\${name}`,
    `things/${name}/../../../outside.txt`,
    `things/${name}.txt\u0000.png`,
    `things/${name}\n`,
    `things/${name}.`,
    `things/${name}.tar.gz`,
    `tmp/${"0".repeat(32)}`,
    "things",
    "things/",
    "",
    ".",
    "..",
    "/etc/passwd",
    "%2e%2e%2foutside.txt",
  ])("%j is no key: nothing is read, nothing deleted", async (key) => {
    writeFileSync(outside(), "stays");
    expect(await files.open(key)).toBeNull();
    await files.remove(key);
    expect(readFileSync(outside(), "utf8")).toBe("stays");
  });
});

describe("removing", () => {
  it("deletes the files, and does not mind what is gone already", async () => {
    const [a, b] = [await keep("a"), await keep("b")];
    await files.remove(a, b);
    await files.remove(a);
    expect(filesUnder()).toEqual([]);
  });
});

describe("verify", () => {
  it("names what is missing and damaged, and counts what nobody points to", async () => {
    const [good, gone, flipped, short] = [
      await keep("a"),
      await keep("b"),
      await keep("cc"),
      await keep("dd"),
    ];
    await keep("nobody's");
    await files.remove(gone);
    writeFileSync(join(root(), flipped), "cd");
    writeFileSync(join(root(), short), "d");
    expect(await files.verify([owner(good, gone, flipped, short, "no key")])).toEqual([
      {
        area: "things",
        files: 5,
        missing: [gone, "no key"],
        damaged: [flipped, short],
        orphans: [expect.any(String)],
      },
    ]);
  });
  it("of nothing finds nothing", async () => {
    const nothing = { area: "things", files: 0, missing: [], damaged: [], orphans: [] };
    expect(await files.verify([owner()])).toEqual([nothing]);
  });
  it("does not hold a file for missing that was replaced meanwhile", async () => {
    const [old, now] = [await keep("old"), await keep("new")];
    let asked = 0;
    const moving: files.FileOwner = {
      area: "things",
      async *keys() {
        asked += 1;
        if (asked === 1) await files.remove(old);
        yield asked === 1 ? old : now;
      },
    };
    expect(await files.verify([moving])).toMatchObject([{ missing: [] }]);
  });
});

describe("sweep", () => {
  it("deletes what nobody points to, and leaves what somebody does", async () => {
    const [kept, orphan] = [await keep("a"), await keep("b")];
    for (const key of [kept, orphan]) age(key, 25);
    expect(await files.sweep([owner(kept)], { olderThan: 24 * HOUR })).toEqual([
      { area: "things", removed: 1 },
      { area: "tmp", removed: 0 },
    ]);
    expect(filesUnder()).toEqual([kept]);
  });
  it("leaves what is younger: its row may not be committed yet", async () => {
    const key = await keep("a");
    await files.sweep([owner()], { olderThan: 24 * HOUR });
    expect(filesUnder()).toEqual([key]);
    await files.sweep([owner()], { olderThan: 0 });
    expect(filesUnder()).toEqual([]);
  });
  it("deletes what stopped arriving, and leaves what still arrives", async () => {
    mkdirSync(join(root(), "tmp"), { recursive: true });
    for (const name of ["stale", "fresh"]) writeFileSync(join(root(), "tmp", name), "x");
    age("tmp/stale", 25);
    expect(await files.sweep([], { olderThan: 24 * HOUR })).toEqual([{ area: "tmp", removed: 1 }]);
    expect(filesUnder()).toEqual(["tmp/fresh"]);
  });
  it("touches nothing that the store has not named or nobody owns", async () => {
    const other = await keep("x", "other");
    mkdirSync(join(root(), "things/folder"), { recursive: true });
    for (const path of [".gitkeep", "things/notes.txt", "things/folder/x"])
      writeFileSync(join(root(), path), "");
    await files.sweep([owner()], { olderThan: -HOUR });
    expect(filesUnder()).toEqual([".gitkeep", other, "things/folder/x", "things/notes.txt"].sort());
  });
  it("only counts where it is told so", async () => {
    const key = await keep("a");
    const swept = await files.sweep([owner()], { olderThan: 0, dryRun: true });
    expect([swept[0]?.removed, filesUnder()]).toEqual([1, [key]]);
  });
});
