import { writeFileSync } from "node:fs";
import { seed as people } from "~/features/accounts/feature.server";
import { seed as profiles } from "~/features/profile/feature.server";
import { type RunningServer, send } from "../../helpers/server";
import { multipart, noisy } from "../../helpers/uploads";
import { residentMiB } from "../measure";
import type { BenchPage, BenchPart, DataSet } from "../pages";

const UPLOADS = 50;
/** Megabytes that resident memory may grow by. */
const LIMIT = 150;

export const pages: BenchPage[] = [
  { name: "profile", path: "/profile", data: "small" },
  { name: "profile-signed-in", path: "/profile", data: "small", signedIn: true },
  { name: "person", path: "/people/ada", data: "small" },
];

export async function fill(data: DataSet) {
  if (data !== "small") return;
  await people.run(people.count);
  await profiles.run(profiles.count);
}

export const parts: BenchPart[] = [{ name: "uploads", run: uploadMany }];

/**
 * Many pictures at once, of 5 MB each: what they take of the memory of a server that has never seen one.
 *
 * @throws Error when one is refused, or the memory grows beyond the limit.
 */
async function uploadMany(server: RunningServer): Promise<string> {
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
  const megabytes = (picture.length / 1e6).toFixed(1);
  return `50 pictures of ${megabytes} MB at once    ${seconds.toFixed(1)} s, memory grew by ${growth.toFixed(0)} MB`;
}
