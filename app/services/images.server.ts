/**
 * Pictures that people upload: what Django leaves to Pillow. They are drawn anew, and nothing of the file that was sent
 * is kept: no metadata, no place where it was taken, nothing that hides behind the picture.
 */
import { open } from "node:fs/promises";
import pLimit from "p-limit";
import type { Metadata, ResizeOptions } from "sharp";
import { singleton } from "#models/singleton.server";
import { FileRefused } from "./files.server";

/** The only readers of libvips that may run: the one of SVG would follow links, others are rarely used and tested. */
const READERS = ["JpegFile", "PngFile", "WebpFile", "WebpBuffer", "NsgifFile", "HeifFile"];

const KINDS = "The picture must be a JPEG, PNG, WebP, GIF or AVIF";
const DAMAGED = "The picture is damaged or incomplete. Save it again, or choose another";

/**
 * Pixels that a picture may have, by the memory that reading takes: a few lines at a time, the whole of it (up to 8
 * bytes a pixel), or AVIF (18 bytes a pixel). So one takes less than 200 MB.
 */
const MOST_PIXELS = { lines: 50_000_000, whole: 24_000_000, avif: 9_000_000 };
/** Seconds after which a picture is given up. */
const TIMEOUT = 20;
const QUALITY = 82;

/** Loaded when first needed: it takes 30 MB. */
const library = () =>
  singleton("sharp", async () => {
    const { default: sharp } = await import("sharp");
    sharp.cache(false);
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: READERS.map((name) => `VipsForeignLoad${name}`) });
    return sharp;
  });

/** One at a time: reading takes memory and one of libuv's four threads. */
const turn = singleton("drawing", () => pLimit(1));

/**
 * The picture in a file, upright, cut to a square around its middle, as WebP: one for each of `sides`, in pixels, the
 * largest first. Where it is smaller than that, so are they. Of a moving picture it is the first frame.
 *
 * @throws FileRefused, with words for the person, for what is no picture of the five kinds, is damaged, has too many
 * pixels, or is something else besides.
 */
export function webpSquares(path: string, sides: number[]): Promise<Buffer[]> {
  return turn(async () => {
    const { width, height } = await checked(path);
    const squares: Buffer[] = [];
    for (const side of sides) {
      const edge = Math.min(side, width, height);
      squares.push((await drawn(squares[0] ?? path, { width: edge, height: edge, fit: "cover" })).data);
    }
    return squares;
  });
}

/** The whole picture, no side of it longer than `side` pixels; the rest as in `webpSquares`. */
export function webpWithin(path: string, side: number): Promise<Drawn> {
  return turn(async () => {
    await checked(path);
    return drawn(path, { width: side, height: side, fit: "inside", withoutEnlargement: true });
  });
}

export interface Drawn {
  data: Buffer;
  /** In pixels. */
  width: number;
  height: number;
}

async function drawn(from: string | Buffer, size: ResizeOptions): Promise<Drawn> {
  const sharp = await library();
  const picture = sharp(from, { failOn: "error", limitInputPixels: MOST_PIXELS.lines })
    .autoOrient()
    .resize(size)
    .webp({ quality: QUALITY })
    .timeout({ seconds: TIMEOUT });
  const { data, info } = await picture.toBuffer({ resolveWithObject: true }).catch(() => {
    throw new FileRefused(DAMAGED);
  });
  return { data, width: info.width, height: info.height };
}

/** What a picture says of itself. @throws FileRefused for what is not to be read any further. */
async function checked(path: string): Promise<Metadata> {
  if (await isAlsoSomethingElse(path)) throw new FileRefused(KINDS);
  const sharp = await library();
  const about = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => {
      throw new FileRefused(error.message.includes("unsupported image format") ? KINDS : DAMAGED);
    });
  assertSize(about);
  return about;
}

function assertSize({ format, compression, width, height, isProgressive }: Metadata) {
  // HEIC looks like AVIF from outside; it cannot be read without a licence.
  if (format === "heif" && compression !== "av1") throw new FileRefused(KINDS);
  const inLines = (format === "jpeg" || format === "png") && !isProgressive;
  const most = MOST_PIXELS[format === "heif" ? "avif" : inLines ? "lines" : "whole"];
  if (width * height <= most) return;
  const [across, down] = [width, height].map((pixels) => pixels.toLocaleString("en"));
  throw new FileRefused(
    `The picture has too many pixels, ${across} × ${down}: make it smaller than ${most / 1_000_000} megapixels`,
  );
}

const HEAD = 1024;
/** The end of a ZIP file is 22 bytes and a comment of up to 65,535. */
const TAIL = 22 + 65_535;
const OTHER_KINDS = /%pdf-|<(!doctype|html|head|body|script|svg|iframe|\?php)/;

/**
 * Whether a file is of another kind where readers of that kind look: a PDF or markup at its beginning, a ZIP or JAR at
 * its end. Such a file is made to deceive. What hides elsewhere is not kept anyway.
 */
async function isAlsoSomethingElse(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const part = async (length: number, position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    const head = await part(HEAD, 0);
    if (OTHER_KINDS.test(head.toString("latin1").toLowerCase())) return true;
    const tail = await part(TAIL, Math.max(0, size - TAIL));
    const end = tail.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
    return end >= 0 && end + 22 <= tail.length && end + 22 + tail.readUInt16LE(end + 20) === tail.length;
  } finally {
    await file.close();
  }
}
