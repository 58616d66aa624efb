import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DiskFull, FileRefused } from "~/services/files.server";
import { type FileField, readUpload } from "~/services/uploads.server";
import { call, post } from "../helpers/call";
import { multipart, postFiles, type SentFile } from "../helpers/uploads";

const schema = z.object({
  title: z.string("Enter a title").min(1, "Enter a title").max(10, "Too long"),
  note: z.string().default(""),
});

/** A field that keeps what arrives in memory, and remembers what it took back. */
function field(options: Partial<FileField<string>> = {}) {
  const discarded: string[] = [];
  return {
    discarded,
    label: "The file",
    maxBytes: 2 ** 20,
    async take(bytes: AsyncIterable<Uint8Array>, filename: string) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      return `${filename}: ${Buffer.concat(chunks).toString("latin1")}`;
    },
    discard: async (kept: string) => discarded.push(kept),
    ...options,
  };
}

type Parts = Parameters<typeof multipart>[0];
const file = (bytes: Buffer | string, filename = "a.txt"): SentFile => ({ bytes, filename });
const read = (parts: Parts, upload = field()) => readUpload(postFiles("/", parts), schema, { upload });

/** What a request is answered with, where it is refused as a whole. */
const statusOf = async (request: Request, upload = field()) =>
  (await call(() => readUpload(request, schema, { upload }), request)).status;

/** The same, as a body that arrives in pieces. */
function inPieces(parts: Parts, size = 16_384) {
  const { body } = multipart(parts);
  let at = 0;
  return streamed(
    new ReadableStream({
      pull(controller) {
        if (at >= body.length) return controller.close();
        controller.enqueue(body.subarray(at, at + size));
        at += size;
      },
    }),
  );
}

/** A multipart request with a body that comes from a stream. */
const streamed = (body: ReadableStream<Uint8Array>) =>
  new Request("http://tenfold.test/", {
    method: "POST",
    headers: multipart([]).headers,
    body,
    duplex: "half",
  } as RequestInit);

describe("a form with a file", () => {
  it.each(["constructor", "toString", "__proto__", "nobody's"])(
    "passes over a file called %j, as over every field that it does not have",
    async (name) => {
      const form = await read([
        ["title", "Zürich"],
        [name, file("bytes")],
        [name, "text"],
      ]);
      expect(form).toMatchObject({ value: { title: "Zürich" }, files: {} });
    },
  );
  it("gives its values, and what the field kept of the file", async () => {
    const form = await read([
      ["title", "Zürich"],
      ["upload", file("bytes", "übung.txt")],
    ]);
    expect(form).toEqual({
      value: { title: "Zürich", note: "" },
      typed: { title: "Zürich" },
      files: { upload: "übung.txt: bytes" },
    });
  });
  it("is read alike where the file comes first", async () => {
    const form = await read([
      ["upload", file("x".repeat(300_000))],
      ["title", "after"],
    ]);
    expect(form.value?.title).toBe("after");
    expect(form.files?.upload).toHaveLength(300_007);
  });
  it("needs none, unless the field says so", async () => {
    const notChosen: Parts = [
      ["title", "t"],
      ["upload", { bytes: "", filename: "", type: "application/octet-stream" }],
    ];
    expect((await read(notChosen)).files).toEqual({});
    expect((await read([["title", "t"]])).files).toEqual({});
    const required = field({ required: "Choose a file" });
    const errors = [{ name: "upload", message: "Choose a file" }];
    expect((await read(notChosen, required)).problem?.errors).toEqual(errors);
    expect((await read([["title", "t"]], required)).problem?.errors).toEqual(errors);
  });
  it("may be sent without `multipart` where there is no file", async () => {
    const form = await readUpload(post("/", { title: "t" }), schema, { upload: field() });
    expect([form.value, form.files]).toEqual([{ title: "t", note: "" }, {}]);
  });
  it("hands the file on while it arrives: what takes it slowly slows the client", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    let furthestAhead = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (sent === 0)
            controller.enqueue(multipart([["upload", file("")]], { end: false }).body.subarray(0, -2));
          else if (sent < 200) controller.enqueue(chunk);
          else controller.close();
          sent += 1;
        },
      },
      { highWaterMark: 0 },
    );
    const slow = field({
      maxBytes: 2 ** 30,
      async take(bytes) {
        let taken = 0;
        for await (const chunk of bytes) {
          taken += chunk.byteLength;
          await new Promise((soon) => setImmediate(soon));
          furthestAhead = Math.max(furthestAhead, sent * 64 * 1024 - taken);
        }
        return "";
      },
    });
    expect(await statusOf(streamed(body), slow)).toBe(400);
    expect(sent).toBeGreaterThan(200);
    expect(furthestAhead).toBeLessThan(2 ** 20);
  });
});

describe("a file that is refused", () => {
  it("for being too large says so at its field; the other fields are kept, also those that come after", async () => {
    const form = await read([
      ["upload", file("x".repeat(2 ** 20 + 1))],
      ["title", "kept"],
    ]);
    const message = "The file must be smaller than 1 MB";
    expect(form).toEqual({
      problem: { values: { title: "kept" }, errors: [{ name: "upload", message }] },
      status: 422,
    });
  });
  it("may be as large as the limit, to the byte", async () => {
    const form = await read([
      ["title", "t"],
      ["upload", file("x".repeat(2 ** 20))],
    ]);
    expect(form.problem).toBeUndefined();
  });
  it("for being empty says so", async () => {
    const form = await read([
      ["title", "t"],
      ["upload", file("", "empty.png")],
    ]);
    expect(form.problem?.errors).toEqual([{ name: "upload", message: "The file is empty. Choose another" }]);
  });
  it("by what takes it is told in its words, whatever of it was read", async () => {
    const picky = field({ take: () => Promise.reject(new FileRefused("Not this one")) });
    const form = await read(
      [
        ["upload", file("x".repeat(500_000))],
        ["title", "t"],
      ],
      picky,
    );
    expect(form.problem).toEqual({
      values: { title: "t" },
      errors: [{ name: "upload", message: "Not this one" }],
    });
  });
  it.each([0, 1, 2, 5])("by what has taken %i pieces of it keeps nobody waiting", async (pieces) => {
    const picky = field({
      async take(bytes) {
        let taken = 0;
        if (pieces > 0) for await (const _ of bytes) if (++taken === pieces) break;
        await new Promise((wait) => setTimeout(wait, 10));
        throw new FileRefused("Not this one");
      },
    });
    for (const size of [10, 70_000, 400_000]) {
      const parts: Parts = [
        ["upload", file("x".repeat(size))],
        ["title", "t"],
      ];
      const form = await readUpload(inPieces(parts), schema, { upload: picky });
      expect(form.problem?.values).toEqual({ title: "t" });
      expect(form.problem?.errors).toEqual([{ name: "upload", message: "Not this one" }]);
    }
  });
  it("while it was still being asked for keeps nobody waiting", async () => {
    const hasty = field({
      take: async (bytes) => {
        const each = bytes[Symbol.asyncIterator]();
        await each.next();
        void each.next().catch(() => {});
        throw new FileRefused("Not this one");
      },
    });
    const parts: Parts = [["upload", file("x".repeat(400_000))]];
    expect((await readUpload(inPieces(parts), schema, { upload: hasty })).status).toBe(422);
  });
  it("because the disk is full is answered with 507, and what to do", async () => {
    const full = field({ take: () => Promise.reject(new DiskFull()) });
    const form = await read(
      [
        ["title", "t"],
        ["upload", file("x")],
      ],
      full,
    );
    expect(form.status).toBe(507);
    expect(form.problem?.errors[0]?.message).toContain("There is no room left here for this file.");
  });
  it.each([
    ["in a form without enctype", post("/", { title: "t", upload: "C:\\fakepath\\a.png" })],
    [
      "in a multipart form",
      postFiles("/", [
        ["title", "t"],
        ["upload", "a.png"],
      ]),
    ],
  ])("for being sent as text %s says so", async (_, request) => {
    const { problem } = await readUpload(request, schema, { upload: field() });
    const message = "The file did not arrive as a file. Choose it again";
    expect(problem).toEqual({ values: { title: "t" }, errors: [{ name: "upload", message }] });
  });
});

describe("a file of a form that is refused", () => {
  it("is taken back, and the person is told that it was not saved", async () => {
    const upload = field();
    const form = await read(
      [
        ["title", ""],
        ["upload", file("bytes")],
      ],
      upload,
    );
    expect(upload.discarded).toEqual(["a.txt: bytes"]);
    expect(form.problem?.errors).toEqual([
      { name: "title", message: "Enter a title" },
      { name: "upload", message: "The file was not saved. Choose it again where the field is empty" },
    ]);
  });
  it("is taken back where the body is malformed after it", async () => {
    const upload = field();
    const parts: Parts = [
      ["upload", file("bytes")],
      ["title", "t"],
    ];
    const { headers, body } = multipart(parts, { end: false });
    const request = new Request("http://tenfold.test/", { method: "POST", headers, body });
    expect(await statusOf(request, upload)).toBe(400);
    expect(upload.discarded).toEqual(["a.txt: bytes"]);
  });
});

describe("what the client says of a file", () => {
  it.each(["../../x.png", "C:\\x\\y.png", "a\u0000b.png", "x".repeat(10_000), "‮gnp.exe", "con"])(
    "is text and nothing else: %#",
    async (filename) => {
      const form = await read([
        ["title", "t"],
        ["upload", file("bytes", filename)],
      ]);
      expect(form.files?.upload).toContain(": bytes");
    },
  );
});

describe("a body that no form of ours sends", () => {
  const raw = (text: string | Buffer, type = multipart([]).headers["Content-Type"]) =>
    new Request("http://tenfold.test/", {
      method: "POST",
      headers: { "Content-Type": type },
      body: new Blob([text as BlobPart]),
    });
  const whole = multipart([
    ["title", "t"],
    ["upload", file("x".repeat(100_000))],
  ]).body;
  const fields = (count: number): Parts => Array.from({ length: count }, (_, n) => [`field${n}`, "x"]);

  it.each([
    ["without a boundary", raw(whole, "multipart/form-data")],
    ["with another boundary", raw(whole, "multipart/form-data; boundary=other")],
    ["that is empty", raw("")],
    ["that stops in a head", raw(whole.subarray(0, 100))],
    ["that stops in a file", raw(whole.subarray(0, 50_000))],
    ["that stops before its end", raw(whole.subarray(0, -6))],
    ["that is no multipart at all", raw("no form")],
    ["with a file where text belongs", postFiles("/", [["title", file("t")]])],
    [
      "with two files for one field",
      postFiles("/", [
        ["upload", file("a")],
        ["upload", file("b")],
      ]),
    ],
    [
      "with more files than fields",
      postFiles("/", [
        ["other", file("a")],
        ["upload", file("b")],
      ]),
    ],
    [
      "with a file and text for one field",
      postFiles("/", [
        ["upload", file("a")],
        ["upload", "b"],
      ]),
    ],
    ["with too many fields", postFiles("/", fields(201))],
    ["of another type", raw("{}", "application/json")],
  ])("%s is a 400, and nothing is kept", async (_, request) => {
    const upload = field();
    const kept = new Set<string>();
    const { take } = upload;
    upload.take = async (...args) => {
      const value = await take(...args);
      kept.add(value);
      return value;
    };
    expect(await statusOf(request, upload)).toBe(400);
    expect(upload.discarded).toEqual([...kept]);
  });
  it.each([
    ["in one field", postFiles("/", [["title", "x".repeat(1_000_001)]])],
    [
      "in several",
      postFiles(
        "/",
        fields(3).map(([name]) => [name, "x".repeat(400_000)]),
      ),
    ],
    ["without multipart", raw(`title=${"x".repeat(1_000_000)}`, "application/x-www-form-urlencoded")],
  ])("with more text than other forms may have, %s, is a 413", async (_, request) => {
    expect(await statusOf(request)).toBe(413);
  });
  it("with parts that say nothing of themselves is read without them", async () => {
    const boundary = "----tenfold-test";
    const odd = [
      "\r\n\r\nno head at all",
      "Content-Type: text/plain\r\n\r\nno disposition",
      "Content-Disposition: form-data\r\n\r\nno name",
      "Content-Disposition: attachment; name=title\r\n\r\nno form-data",
      `Content-Disposition: form-data; name="${"n".repeat(10_000)}"\r\n\r\nlong name`,
      'Content-Disposition: form-data; name="__proto__"\r\n\r\npolluted',
      'Content-Disposition: form-data; name="note"\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nodd',
      'Content-Disposition: form-data; name="title"\r\nContent-Type: text/plain; charset=utf-16le\r\n\r\nA\u0000',
    ];
    const body = `${odd.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--`;
    const form = await readUpload(raw(body), schema, { upload: field() });
    expect(form.value).toEqual({ title: "A", note: "odd" });
  });
  it("with a head of 100 kB is no fault", async () => {
    const head = `Content-Disposition: form-data; name="upload"; filename="${"x".repeat(100_000)}"`;
    const body = `------tenfold-test\r\n${head}\r\n\r\nbytes\r\n------tenfold-test--`;
    expect([200, 400]).toContain(await statusOf(raw(body)));
  });
});

describe("an upload that breaks off", () => {
  it("ends what takes it, and is a 400", async () => {
    const { body } = multipart([["upload", file("x".repeat(200_000))]]);
    const breaking = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(body.subarray(0, 100_000));
      },
      async pull(controller) {
        await new Promise((wait) => setTimeout(wait, 20));
        controller.error(new Error("aborted"));
      },
    });
    let ended = "";
    const upload = field({
      async take(bytes) {
        try {
          for await (const _ of bytes);
        } catch (error) {
          ended = (error as Error).message;
          throw error;
        }
        return "";
      },
    });
    expect(await statusOf(streamed(breaking), upload)).toBe(400);
    expect(ended).toBe("The upload was broken off.");
  });
  it("by a fault in what takes it is a fault at once, and nothing waits for ever", async () => {
    const faulty = field({ take: () => Promise.reject(new Error("a fault")) });
    const endless = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(multipart([["upload", file("x".repeat(1_000))]], { end: false }).body);
      },
    });
    await expect(readUpload(streamed(endless), schema, { upload: faulty })).rejects.toThrow("a fault");
  });
  it("with what comes after a refusal is left alone: no later file is taken", async () => {
    const taken: string[] = [];
    const upload = field({
      take: async (_, filename) => {
        taken.push(filename);
        return filename;
      },
    });
    const tooLong: Parts = [["title", "x".repeat(1_000_001)]];
    const next: Parts = [["note", "x"]];
    const parts = [
      multipart(tooLong, { end: false }).body,
      multipart(next, { end: false }).body,
      multipart([["upload", file("x")]]).body,
    ];
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const part = parts.shift();
        if (!part) return controller.close();
        controller.enqueue(part);
        await new Promise((wait) => setTimeout(wait, 10));
      },
    });
    expect(await statusOf(streamed(body), upload)).toBe(413);
    await new Promise((wait) => setTimeout(wait, 50));
    expect(taken).toEqual([]);
  });
});

describe("a field that takes several files", () => {
  const several = () => ({ ...field({ label: "The files", required: "Choose a file" }), most: 3 });
  const send = (parts: Parts, upload = several()) => readUpload(postFiles("/", parts), schema, { upload });
  const files = (...names: string[]): Parts => names.map((name) => ["upload", file(name, `${name}.txt`)]);

  it("keeps each, in their order", async () => {
    expect((await send([["title", "Hello"], ...files("a", "b", "c")])).files).toEqual({
      upload: ["a.txt: a", "b.txt: b", "c.txt: c"],
    });
    expect((await send([["title", "Hello"], ...files("a")])).files).toEqual({ upload: ["a.txt: a"] });
  });
  it("says which of them is refused, and takes all of them back", async () => {
    const upload = several();
    const parts: Parts = [["title", "Hello"], ...files("a", "b"), ["upload", file("", "c.txt")]];
    const { problem } = await send(parts, upload);
    expect(problem?.errors).toEqual([
      { name: "upload", message: "“c.txt” is empty. Choose another. The others were not saved either" },
    ]);
    expect(upload.discarded).toEqual(["a.txt: a", "b.txt: b"]);
  });
  it("says each time what is missing, and what was not saved because of something else", async () => {
    expect((await send([["title", "Hello"]])).problem?.errors).toEqual([
      { name: "upload", message: "Choose a file" },
    ]);
    const upload = several();
    const { problem } = await send([["title", ""], ...files("a")], upload);
    expect(problem?.errors.map(({ name }) => name)).toEqual(["title", "upload"]);
    expect(upload.discarded).toEqual(["a.txt: a"]);
  });
  it("says how many it takes where there are more, and takes back what it had kept", async () => {
    const upload = several();
    const kept: string[] = [];
    const take = async (bytes: AsyncIterable<Uint8Array>, filename: string) => {
      const value = await upload.take(bytes, filename);
      kept.push(value);
      return value;
    };
    const parts: Parts = [["title", "Hello"], ...files("a", "b", "c", "d")];
    // Piece by piece, so that some are kept before the last one comes.
    const request = inPieces(parts, 64);
    const { problem } = await readUpload(request, schema, { upload: { ...upload, take } });
    expect(problem?.errors).toEqual([
      {
        name: "upload",
        message: "Choose at most 3 files; those after them were refused. The others were not saved either",
      },
    ]);
    expect([kept.length, upload.discarded]).toEqual([3, kept]);
  });
});
