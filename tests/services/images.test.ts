import { deflateRawSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { FileRefused, withTemporary } from "~/services/files.server";
import { webpSquares, webpWithin } from "~/services/images.server";
import { blankPng, noisy, plain } from "../helpers/uploads";

const squares = (bytes: Buffer, sides = [512, 96]) =>
  withTemporary([bytes], (path) => webpSquares(path, sides));
const refusal = (bytes: Buffer | string) =>
  squares(Buffer.from(bytes)).then(
    () => "taken",
    (error: Error) => {
      expect(error).toBeInstanceOf(FileRefused);
      return error.message;
    },
  );
/** The colour of one pixel, and whether it can be seen. */
async function pixel(picture: Buffer, left: number, top: number) {
  const area = { left, top, width: 1, height: 1 };
  return [...(await sharp(picture).extract(area).ensureAlpha().raw().toBuffer())];
}
/** A block of one colour, to be laid on a picture. */
const block = (width: number, height: number, background: string) => ({
  create: { width, height, channels: 3 as const, background },
});
const isRed = ([red, green, blue]: number[]) => red! > 200 && green! < 60 && blue! < 60;

const KINDS = "The picture must be a JPEG, PNG, WebP, GIF or AVIF";
const DAMAGED = "The picture is damaged or incomplete. Save it again, or choose another";

const formats = {
  JPEG: (width: number, height: number) => noisy(width, height).jpeg().toBuffer(),
  "progressive JPEG": (width: number, height: number) =>
    noisy(width, height).jpeg({ progressive: true }).toBuffer(),
  PNG: (width: number, height: number) => noisy(width, height).png().toBuffer(),
  "interlaced PNG": (width: number, height: number) =>
    noisy(width, height).png({ progressive: true }).toBuffer(),
  WebP: (width: number, height: number) => noisy(width, height).webp().toBuffer(),
  "lossless WebP": (width: number, height: number) =>
    noisy(width, height).webp({ lossless: true }).toBuffer(),
  GIF: (width: number, height: number) =>
    noisy(width, height).gif({ effort: 1, colours: 8, dither: 0 }).toBuffer(),
  AVIF: (width: number, height: number) => noisy(width, height).avif({ effort: 0 }).toBuffer(),
};
const eachFormat = Object.entries(formats);

describe("a picture", () => {
  it.each(eachFormat)("as %s becomes WebP in every size that is asked for", async (_, make) => {
    const found = await Promise.all(
      (await squares(await make(560, 520))).map((one) => sharp(one).metadata()),
    );
    expect(found).toMatchObject([
      { format: "webp", width: 512, height: 512 },
      { format: "webp", width: 96, height: 96 },
    ]);
  });
  it("is never made larger than it was", async () => {
    const [large, small] = await squares(await plain(200, 50).png().toBuffer());
    expect(await sharp(large).metadata()).toMatchObject({ width: 50, height: 50 });
    expect(await sharp(small).metadata()).toMatchObject({ width: 50, height: 50 });
    expect(await squares(await plain(1, 1).png().toBuffer())).toHaveLength(2);
  });
  it("is cut to a square around its middle", async () => {
    const sides = await plain(600, 200, "#0000ff")
      .composite([{ input: block(200, 200, "#ff0000"), left: 200, top: 0 }])
      .png()
      .toBuffer();
    const [large] = await squares(sides);
    expect(isRed(await pixel(large!, 3, 100))).toBe(true);
    expect(isRed(await pixel(large!, 196, 100))).toBe(true);
  });
  it("is turned upright by what the camera noted", async () => {
    const redOnTop = await plain(100, 100, "#0000ff")
      .composite([{ input: block(100, 50, "#ff0000"), left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 3 })
      .toBuffer();
    const [upright] = await squares(redOnTop);
    expect(isRed(await pixel(upright!, 50, 90))).toBe(true);
    expect(isRed(await pixel(upright!, 50, 10))).toBe(false);
  });
  it("keeps nothing that tells where and by what it was taken", async () => {
    const exif = { IFD0: { Artist: "Ada", Copyright: "secret" }, IFD3: { GPSLatitude: "47/1 22/1 0/1" } };
    const told = await plain(100, 100).withExif(exif).withXmp("<x>secret</x>").jpeg().toBuffer();
    expect(told.includes("secret")).toBe(true);
    for (const square of await squares(told)) {
      const { exif, icc, iptc, xmp } = await sharp(square).metadata();
      expect([exif, icc, iptc, xmp]).toEqual([undefined, undefined, undefined, undefined]);
      expect(square.includes("secret")).toBe(false);
    }
  });
  it("keeps what is transparent transparent", async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const bytes = await sharp({ create: { width: 80, height: 80, channels: 4, background: clear } })
      .png()
      .toBuffer();
    const [square] = await squares(bytes);
    expect((await pixel(square!, 40, 40))[3]).toBe(0);
  });
  it("that moves stands still at its first frame", async () => {
    const strip = { width: 60, height: 120, pageHeight: 60, channels: 3 as const, background: "#0000ff" };
    const moving = await sharp({ create: strip })
      .composite([{ input: block(60, 60, "#ff0000"), left: 0, top: 0 }])
      .gif()
      .toBuffer();
    expect(moving.toString("latin1").split("!\u00f9\u0004")).toHaveLength(1 + 2);
    const [square] = await squares(moving);
    expect((await sharp(square).metadata()).pages).toBeUndefined();
    expect(isRed(await pixel(square!, 30, 30))).toBe(true);
  });
  it("in the colours of print, or with 16 bits a channel, is taken", async () => {
    expect(await refusal(await plain(50, 50).toColourspace("cmyk").jpeg().toBuffer())).toBe("taken");
    expect(await refusal(await plain(50, 50).toColourspace("rgb16").png().toBuffer())).toBe("taken");
  });
  it("waits for its turn, and all of them come", async () => {
    const bytes = await plain(300, 300).png().toBuffer();
    expect(await Promise.all(Array.from({ length: 20 }, () => squares(bytes)))).toHaveLength(20);
  });
});

describe("a whole picture", () => {
  const within = (bytes: Buffer, side = 400) => withTemporary([bytes], (path) => webpWithin(path, side));
  it.each([
    ["wide", 1000, 500, { width: 400, height: 200 }],
    ["high", 500, 1000, { width: 200, height: 400 }],
    ["small", 60, 30, { width: 60, height: 30 }],
  ])(
    "that is %s keeps its shape, is no larger than asked for, and says its size",
    async (_, width, height, size) => {
      const picture = await within(await noisy(width, height).png().toBuffer());
      expect(picture).toMatchObject(size);
      expect(await sharp(picture.data).metadata()).toMatchObject({ format: "webp", ...size });
    },
  );
  it("is turned upright, says the size that it then has, and keeps no metadata", async () => {
    const turned = await noisy(600, 300).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const picture = await within(turned);
    expect(picture).toMatchObject({ width: 200, height: 400 });
    const { exif, orientation } = await sharp(picture.data).metadata();
    expect([exif, orientation]).toEqual([undefined, undefined]);
  });
  it.each([
    ["that is none", Buffer.from("text"), KINDS],
    ["that is damaged", Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"), DAMAGED],
    ["with too many pixels", blankPng(20_000, 20_000), /too many pixels/],
    ["that is a page as well", Buffer.from("GIF89a<script>alert(1)</script>"), KINDS],
  ])("%s is refused as a square would be", async (_, bytes, words) => {
    await expect(within(bytes)).rejects.toThrow(words);
    await expect(within(bytes)).rejects.toBeInstanceOf(FileRefused);
  });
});

describe("what is no picture", () => {
  it.each([
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ["SVG with a declaration", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["PDF", "%PDF-1.7\n1 0 obj\n"],
    ["HTML", "<!DOCTYPE html><script>alert(1)</script>"],
    ["text that calls itself a picture", "just text, in a file called picture.png"],
    ["one byte", "x"],
    ["a ZIP", "PK\u0003\u0004 and so on"],
    ["a program", "\u007fELF\u0002\u0001\u0001"],
  ])("such as %s, is refused by its bytes", async (_, bytes) => expect(await refusal(bytes)).toBe(KINDS));
  it("such as a TIFF, which is one that we do not read, is refused alike", async () => {
    expect(await refusal(await plain(50, 50).tiff().toBuffer())).toBe(KINDS);
  });
});

describe("a picture that is something else besides", () => {
  const gif = () => plain(50, 50).gif().toBuffer();
  /** A ZIP with one empty file's worth of nothing: the record at its end is what readers look for. */
  const zipEnd = (comment = "") => {
    const end = Buffer.alloc(22);
    end.write("PK\u0005\u0006", "latin1");
    end.writeUInt16LE(comment.length, 20);
    return Buffer.concat([deflateRawSync("payload"), end, Buffer.from(comment)]);
  };
  const jpegWithComment = async (comment: string) => {
    const jpeg = await plain(50, 50).jpeg().toBuffer();
    const segment = Buffer.alloc(4);
    segment.writeUInt16BE(0xfffe, 0);
    segment.writeUInt16BE(comment.length + 2, 2);
    return Buffer.concat([jpeg.subarray(0, 2), segment, Buffer.from(comment), jpeg.subarray(2)]);
  };

  it.each([
    ["a script in the comment of a JPEG", () => jpegWithComment("<script>alert(1)</script>")],
    ["a page, in capitals", () => jpegWithComment("--><HTML><BODY onload=alert(1)>")],
    ["an SVG", () => jpegWithComment('<svg onload="alert(1)">')],
    ["PHP", () => jpegWithComment("<?php system($_GET[0]);")],
    ["a PDF", () => jpegWithComment("%PDF-1.4\n1 0 obj")],
    ["a JAR at its end", async () => Buffer.concat([await gif(), zipEnd()])],
    ["a ZIP with a comment", async () => Buffer.concat([await gif(), zipEnd("see inside")])],
  ])("with %s is refused", async (_, make) => expect(await refusal(await make())).toBe(KINDS));
  it("with a script where a GIF has its size is refused as damaged", async () => {
    expect(await refusal("GIF89a/*\u0000\u0000*/=1;alert(1)//")).toBe(DAMAGED);
  });
  it("with anything behind it is taken, and what is behind it is not kept", async () => {
    const bytes = Buffer.concat([
      await plain(600, 600).jpeg().toBuffer(),
      Buffer.from("<script>hidden</script>"),
    ]);
    for (const square of await squares(bytes)) expect(square.includes("hidden")).toBe(false);
  });
  it("is not seen in one that merely has these letters: a comment with PK or a tag further down", async () => {
    const bytes = Buffer.concat([
      await plain(50, 50).jpeg().toBuffer(),
      Buffer.from("PK\u0005\u0006 is no ZIP here"),
    ]);
    expect(await refusal(bytes)).toBe("taken");
  });
});

describe("a picture that is damaged", () => {
  it.each(eachFormat)("for %s was cut short anywhere is refused", async (_, make) => {
    const whole = await make(300, 200);
    for (const part of [0.3, 0.7, 0.97]) {
      expect(await refusal(whole.subarray(0, Math.floor(whole.length * part)))).toBe(DAMAGED);
    }
  });
  it("because nothing follows its first bytes is refused", async () => {
    expect(await refusal(Buffer.from("89504e470d0a1a0a", "hex"))).toBe(DAMAGED);
  });
});

describe("a picture with too many pixels", () => {
  it("is refused before it is drawn: 20,000 × 20,000 in a PNG of some kilobytes", async () => {
    const bomb = blankPng(20_000, 20_000);
    expect(bomb.length).toBeLessThan(100_000);
    const words = "The picture has too many pixels, 20,000 × 20,000: make it smaller than 50 megapixels";
    expect(await refusal(bomb)).toBe(words);
  });
  it("as an AVIF of one kilobyte, which would take 200 MB, is refused", async () => {
    const bomb = await plain(4_000, 3_000).avif({ effort: 0 }).toBuffer();
    expect(bomb.length).toBeLessThan(5_000);
    expect(await refusal(bomb)).toContain("make it smaller than 9 megapixels");
  });
  it("may have more of them where it can be read in lines", async () => {
    const baseline = await plain(7_000, 5_000).jpeg().toBuffer();
    const progressive = await plain(7_000, 5_000).jpeg({ progressive: true }).toBuffer();
    expect(await refusal(baseline)).toBe("taken");
    expect(await refusal(progressive)).toContain("make it smaller than 24 megapixels");
  });
});
