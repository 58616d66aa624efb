/** Demo profiles for `manage seed`. */
import { crc32, deflateSync } from "node:zlib";
import { SITE } from "~/features";

/** Of the site, then of people that the seed of accounts adds. Emmy has no picture. */
export const DEMO_PROFILES: { username?: string; displayName: string; bio: string; hue?: number }[] = [
  {
    displayName: SITE,
    bio: "Ten small apps, one workspace.\nEverybody who is not signed in sees this profile, and may change it.",
    hue: 3.9,
  },
  {
    username: "ada",
    displayName: "Ada Lovelace",
    bio: "Analyst (and metaphysician).\nWrites programs for engines that are not built yet.",
    hue: 0.4,
  },
  {
    username: "grace",
    displayName: "Grace Hopper",
    bio: "“The most dangerous phrase is: we have always done it this way.”",
    hue: 5.2,
  },
  {
    username: "alan",
    displayName: "Alan Turing",
    bio: "Runs long distances, and thinks about what can be computed.",
    hue: 2.1,
  },
  { username: "emmy", displayName: "Emmy Noether", bio: "Göttingen · Bryn Mawr" },
];

const SIDE = 256;

/** A PNG of a sun over hills, in colours that begin at `hue`, in radians. */
export function painted(hue: number): Buffer {
  const colour = (lightness: number, turn: number) =>
    [0, 2.1, 4.2].map((shift) => Math.round(255 * lightness * (0.7 + 0.3 * Math.cos(hue + turn + shift))));
  const rows = Array.from({ length: SIDE }, (_, y) => {
    const pixels = Array.from({ length: SIDE }, (_, x) => {
      if (y > 176 + 26 * Math.sin(x / 34 + hue)) return colour(0.42, 1.2);
      if (Math.hypot(x - 168, y - 92) < 42) return colour(1, 0.5);
      return colour(0.95 - y / 620, 0);
    });
    return Buffer.from([0, ...pixels.flat()]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  // 8 bits a channel, red green blue.
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer) {
  const typed = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [content.length, crc32(typed)].map((number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    return bytes;
  }) as [Buffer, Buffer];
  return Buffer.concat([length, typed, sum]);
}
