/** Many pictures at once: what they take of the server's memory while they arrive and are drawn. */
import { writeFileSync } from "node:fs";
import { type RunningServer, send } from "../helpers/server";
import { multipart, noisy } from "../helpers/uploads";
import { residentMiB } from "./measure";

const UPLOADS = 50;
/** Megabytes that resident memory may grow by. */
const LIMIT = 150;

export interface UploadFigures {
  megabytes: number;
  seconds: number;
  /** Megabytes of resident memory, at the most, beyond what it was before the first picture. */
  growth: number;
}

/**
 * Sends 50 pictures of 5 MB at once to a server that has never seen one.
 *
 * @throws Error when one is refused, or the memory grows beyond the limit.
 */
export async function uploadMany(server: RunningServer): Promise<UploadFigures> {
  const picture = await noisy(4000, 2250).jpeg({ quality: 78 }).toBuffer();
  const { headers, body } = multipart([
    ["display_name", "Bench"],
    ["avatar", { bytes: picture, filename: "bench.jpg" }],
  ]);
  for (let n = 0; n < 200; n++) await send(server.port, { path: "/profile" });
  const before = residentMiB(server);
  // Linux forgets the highest figure so far.
  writeFileSync(`/proc/${server.process.pid}/clear_refs`, "5");
  const start = performance.now();
  const answers = await Promise.all(
    Array.from({ length: UPLOADS }, () =>
      send(server.port, { method: "POST", path: "/profile", headers, body }),
    ),
  );
  const seconds = (performance.now() - start) / 1000;
  const growth = ((residentMiB(server, "VmHWM") - before) * 2 ** 20) / 1e6;
  const refused = answers.filter(({ status }) => status !== 303);
  if (refused.length > 0) throw new Error(`${refused.length} pictures were answered ${refused[0]?.status}.`);
  if (growth > LIMIT) throw new Error(`Memory grew by ${growth.toFixed(0)} MB, more than ${LIMIT}.`);
  return { megabytes: picture.length / 1e6, seconds, growth };
}
