import { createHash } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import contentDisposition from "content-disposition";
import { beforeEach, describe, expect, it } from "vitest";
import { Document } from "#models/document.server";
import { BLOCK } from "~/features/documents/blocks.server";
import { loader as preview } from "~/features/documents/preview";
import { call, get } from "../../helpers/call";
import { largeFile } from "../../helpers/large-files";
import { noisy } from "../../helpers/uploads";
import { document, download, type Person, person } from "./vault";

/** Two blocks and a bit. */
const bytes = Buffer.concat([...largeFile(2 * BLOCK + 1000)]);
let ada: Person;
let id: number;
let etag: string;
beforeEach(async () => {
  ada = await person("ada");
  id = await document(ada, { bytes, filename: "large.bin" });
  etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
});

const pathOf = async () => join(process.env.UPLOADS!, (await Document.findByPk(id))!.key);
const named = async (filename: string) => {
  const { headers } = await download(ada, await document(ada, { filename }));
  return headers.get("Content-Disposition")!;
};
const show = async (shown: number) => {
  const result = preview({
    request: get("/x", ada.cookie),
    params: { id: String(shown) },
    context: {},
  } as never);
  return result as Promise<Response>;
};

describe("a download", () => {
  it("is the file, an attachment that nothing of runs, tagged by its SHA-256", async () => {
    const whole = await download(ada, id);
    expect([whole.status, whole.bytes.equals(bytes)]).toEqual([200, true]);
    expect(Object.fromEntries(whole.headers)).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "private, no-cache, no-transform",
      "content-disposition": 'attachment; filename="large.bin"',
      "content-length": String(bytes.length),
      "content-security-policy": "sandbox; default-src 'none'",
      "content-type": "application/octet-stream",
      etag,
      "x-content-type-options": "nosniff",
    });
  });
  it("is answered to HEAD alike, without its bytes, whatever range is asked for", async () => {
    const head = await download(ada, id, { Range: "bytes=0-1" }, "HEAD");
    expect([head.status, head.bytes.length, head.headers.get("Content-Length")]).toEqual([
      200,
      0,
      String(bytes.length),
    ]);
  });
  it.each([
    ["the first byte", "bytes=0-0", 0, 0],
    ["from a byte on", `bytes=${BLOCK - 3}-`, BLOCK - 3, bytes.length - 1],
    ["across a block's end", `bytes=${BLOCK - 1}-${BLOCK}`, BLOCK - 1, BLOCK],
    ["a whole block", `bytes=${BLOCK}-${2 * BLOCK - 1}`, BLOCK, 2 * BLOCK - 1],
    ["the last bytes", "bytes=-5", bytes.length - 5, bytes.length - 1],
    ["more than there is", "bytes=5-999999999999999999999", 5, bytes.length - 1],
    ["more last bytes than there are", "bytes=-99999999999999", 0, bytes.length - 1],
    ["in capitals and with spaces", "BYTES= 2 - 3 ", 2, 3],
  ])("of a part, %s, is that part", async (_, Range, start, end) => {
    const part = await download(ada, id, { Range });
    expect([part.status, part.headers.get("Content-Range")]).toEqual([
      206,
      `bytes ${start}-${end}/${bytes.length}`,
    ]);
    expect(part.headers.get("Content-Length")).toBe(String(end - start + 1));
    expect(part.bytes.equals(bytes.subarray(start, end + 1))).toBe(true);
  });
  it.each([`bytes=${bytes.length}-`, "bytes=99999999999-", "bytes=-0"])(
    "of a part that there is not, %s, is a 416 that says how much there is",
    async (Range) => {
      const answer = await download(ada, id, { Range });
      expect([answer.status, answer.headers.get("Content-Range"), answer.bytes.length]).toEqual([
        416,
        `bytes */${bytes.length}`,
        0,
      ]);
    },
  );
  it.each([
    "bytes=5-2",
    "bytes=-",
    "bytes=a-b",
    "lines=1-2",
    "bytes=1",
    "bytes=0-0,2-2",
    "bytes=0-,0-,0-,0-",
    `bytes=${Array.from({ length: 1000 }, (_, n) => `${n}-${n + 1}`).join(",")}`,
  ])("of what is no single part, %.30s, is the whole", async (Range) => {
    const answer = await download(ada, id, { Range });
    expect([answer.status, answer.bytes.length]).toEqual([200, bytes.length]);
  });
  it("goes on with a part where If-Range names this file, and begins anew where it does not", async () => {
    const part = (headers: Record<string, string>) => download(ada, id, { Range: "bytes=10-", ...headers });
    expect((await part({ "If-Range": etag })).status).toBe(206);
    for (const other of ['"other"', `W/${etag}`, "Wed, 21 Oct 2015 07:28:00 GMT", etag.slice(1, -1)])
      expect((await part({ "If-Range": other })).status, other).toBe(200);
  });
  it("is a 304 to who has it, and a 412 to who means another", async () => {
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, "*"])
      expect(await download(ada, id, { "If-None-Match": tag })).toMatchObject({ status: 304 });
    expect((await download(ada, id, { "If-None-Match": '"other"' })).status).toBe(200);
    expect((await download(ada, id, { "If-Match": '"other"' })).status).toBe(412);
    for (const tag of [etag, "*", `"other", ${etag}`])
      expect((await download(ada, id, { "If-Match": tag })).status).toBe(200);
  });
});

describe("the name of a download", () => {
  it.each([
    ["report.pdf", 'attachment; filename="report.pdf"'],
    ['say "hi".txt', 'attachment; filename="say \\"hi\\".txt"'],
    ["%22quoted%22.txt", 'attachment; filename="\\"quoted\\".txt"'],
    ["é.txt", "attachment; filename=\"e.txt\"; filename*=UTF-8''%C3%A9.txt"],
    ["😀.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%F0%9F%98%80.pdf"],
    ["تقرير.pdf", expect.stringContaining("filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf")],
    ["50%41.txt", "attachment; filename=\"50%41.txt\"; filename*=UTF-8''50%2541.txt"],
    ["a\r\nSet-Cookie: x=1.txt", 'attachment; filename="aSet-Cookie: x=1.txt"'],
    ["../../etc/passwd", 'attachment; filename="passwd"'],
    ["C:\\windows\\system.ini", 'attachment; filename="system.ini"'],
    ["a\u0000b.txt", 'attachment; filename="ab.txt"'],
    ["....", 'attachment; filename="document"'],
    ["", 'attachment; filename="document"'],
    ["NUL.txt", 'attachment; filename="_NUL.txt"'],
    ["com1", 'attachment; filename="_com1"'],
    ["\u202efdp.exe", 'attachment; filename="fdp.exe"'],
  ])("%j is safe as it is sent: %s", async (filename, header) => {
    const sent = await named(filename);
    expect(sent).toEqual(header);
    expect(sent).not.toMatch(/\p{Cc}/u);
  });
  it("of 300 characters is as long as file systems take, with its ending", async () => {
    for (const letter of ["x", "ü", "😀"]) {
      const { parameters } = (
        contentDisposition as unknown as { parse(text: string): { parameters: { filename: string } } }
      ).parse(await named(`${letter.repeat(300)}.tar.gz`));
      expect(Buffer.byteLength(parameters.filename)).toBeLessThanOrEqual(255);
      expect(parameters.filename).toMatch(new RegExp(`^${letter}{50,}\\.gz$`, "u"));
    }
  });
});

describe("a file that is damaged on disk", () => {
  const flip = async (at: number) => {
    const path = await pathOf();
    const content = readFileSync(path);
    content[at]! ^= 1;
    writeFileSync(path, content);
  };
  it("in its first block is not sent at all, and who asks is told", async () => {
    await flip(7);
    const answer = await download(ada, id);
    expect([answer.status, answer.bytes.toString()]).toEqual([
      500,
      "This file is missing or damaged here, so it was not sent. Tell who runs this site.\n",
    ]);
    expect(answer.headers.get("Content-Disposition")).toBeNull();
  });
  it("further on is cut off before the damage: no byte of that block is sent", async () => {
    await flip(BLOCK + 5);
    await expect(download(ada, id)).rejects.toThrow("is damaged");
    const before = await download(ada, id, { Range: `bytes=0-${BLOCK - 1}` });
    expect(before.bytes.equals(bytes.subarray(0, BLOCK))).toBe(true);
    expect((await download(ada, id, { Range: `bytes=${BLOCK + 100}-${BLOCK + 200}` })).status).toBe(500);
    const after = await download(ada, id, { Range: `bytes=${2 * BLOCK}-` });
    expect(after.bytes.equals(bytes.subarray(2 * BLOCK))).toBe(true);
  });
  it.each([
    ["shorter", (path: string) => truncateSync(path, bytes.length - 1)],
    ["longer", (path: string) => writeFileSync(path, "x", { flag: "a" })],
    ["not there", (path: string) => rmSync(path)],
  ])("or %s is not sent either", async (_, damage) => {
    damage(await pathOf());
    expect((await download(ada, id)).status).toBe(500);
    expect((await download(ada, id, { Range: "bytes=0-0" })).status).toBe(500);
  });
});

describe("what is shown without being downloaded", () => {
  it.each([
    ["a text", "Grüße\n", "notes.txt", "text/plain; charset=utf-8"],
    [
      "HTML, as the text that it is",
      "<!doctype html><script>alert(1)</script>",
      "page.html",
      "text/plain; charset=utf-8",
    ],
    [
      "SVG, as the text that it is",
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      "x.svg",
      "text/plain; charset=utf-8",
    ],
    ["a PDF", "%PDF-1.7\n%\xe2", "x.bin", "application/pdf"],
  ])("is %s, sandboxed and never sniffed", async (_, content, filename, type) => {
    const answer = await show(await document(ada, { bytes: content, filename }));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": type,
      "content-disposition": `inline; filename="${filename}"`,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache, no-transform",
    });
    expect(await answer.text()).toBe(content);
  });
  it("is a picture drawn anew: nothing of the file that was sent", async () => {
    const hidden = Buffer.from("<script>alert(1)</script>");
    const sent = Buffer.concat([await noisy(300, 200).jpeg().toBuffer(), hidden]);
    const answer = await show(await document(ada, { bytes: sent, filename: "x.jpg" }));
    expect(answer.headers.get("Content-Type")).toBe("image/webp");
    const shown = Buffer.from(await answer.arrayBuffer());
    expect([shown.subarray(8, 12).toString(), shown.includes(hidden)]).toEqual(["WEBP", false]);
  });
  it.each([
    ["bytes", Buffer.from([0, 1, 2, 3]), "x.txt"],
    ["what begins like a picture and is none", Buffer.from("\xff\xd8\xffnot a picture", "latin1"), "x.jpg"],
    ["a text of more than one block", Buffer.alloc(BLOCK + 1, "x"), "x.txt"],
  ])("is not %s: that is only downloaded", async (_, content, filename) => {
    const shown = await document(ada, { bytes: content, filename });
    expect((await call(preview, get("/x", ada.cookie), { id: String(shown) })).status).toBe(404);
    expect((await download(ada, shown)).bytes.equals(content)).toBe(true);
  });
});
