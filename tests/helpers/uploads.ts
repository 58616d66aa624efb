/** Forms with files, and the folder that files are kept in. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** What is sent as a file: its bytes, and what the client calls it. */
export interface SentFile {
  bytes: Buffer | string;
  filename?: string;
  type?: string;
}

const BOUNDARY = "----tenfold-test";

/** A multipart body of parts in their order, byte for byte; `end` closes it. */
export function multipart(parts: [name: string, content: string | SentFile][], { end = true } = {}) {
  const body = Buffer.concat([
    ...parts.flatMap(([name, content]) => {
      const { bytes, filename, type } =
        typeof content === "string" ? { bytes: content, filename: undefined, type: undefined } : content;
      const disposition = `form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"`}`;
      const head = `--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ""}\r\n`;
      return [Buffer.from(head), Buffer.from(bytes), Buffer.from("\r\n")];
    }),
    Buffer.from(end ? `--${BOUNDARY}--\r\n` : ""),
  ]);
  return { headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` }, body };
}

/** A form with files, posted to a path of this site. */
export function postFiles(
  path: string,
  parts: Parameters<typeof multipart>[0],
  headers: Record<string, string> = {},
) {
  const form = multipart(parts);
  return new Request(`http://tenfold.test${path}`, {
    method: "POST",
    body: form.body,
    headers: { ...form.headers, ...headers },
  });
}

/** A picture in one colour, to be written in a format of choice. */
export const plain = (width: number, height: number, background = "#3388aa"): Sharp =>
  sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false });

/** A picture that no compression makes much smaller. */
export const noisy = (width: number, height: number): Sharp =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  });

/** A white PNG of one bit a pixel: however large, it is quickly made and small. */
export function blankPng(width: number, height: number): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), content]);
    const number = (value: number) => Buffer.from(value.toString(16).padStart(8, "0"), "hex");
    return Buffer.concat([number(content.length), typed, number(crc32(typed))]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** What lies under a folder of uploads, as paths in it. */
export const filesUnder = (folder = process.env.UPLOADS!): string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
};
