import { type Command, InvalidArgumentError } from "commander";
import { HOUR } from "#models/time";
import { Failure } from "./failure";
import { table } from "./table";
import { withTables } from "./with-database";

export function configure(command: Command) {
  command
    .command("verify")
    .description("hold rows against files, and the content of each file against its hash")
    .action(() => withTables(verify));
  command
    .command("sweep")
    .description("delete files that no row points to")
    .option("--older-than <hours>", "leave what is younger: it may be of an upload under way", hours, 24)
    .option("--dry-run", "only count")
    .action((options: SweepOptions) => withTables(() => sweep(options)));
}

interface SweepOptions {
  olderThan: number;
  dryRun?: boolean;
}

function hours(text: string) {
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number of hours.");
}

async function owners() {
  const { featureServers } = await import("~/features.server");
  return featureServers.flatMap(({ files }) => files ?? []);
}

async function verify() {
  const files = await import("~/services/files.server");
  const reports = await files.verify(await owners());
  const rows = reports.map(({ area, files, missing, damaged, orphans }) =>
    [area, files, missing.length, damaged.length, orphans.length].map(String),
  );
  console.log(table([["AREA", "FILES", "MISSING", "DAMAGED", "ORPHANS"], ...rows]));
  const wrong = reports.flatMap(({ missing, damaged }) => [
    ...missing.map((key) => `missing: ${key}`),
    ...damaged.map((key) => `damaged: ${key}`),
  ]);
  if (wrong.length > 0) throw new Failure(wrong.join("\n"));
}

async function sweep({ olderThan, dryRun = false }: SweepOptions) {
  const files = await import("~/services/files.server");
  const swept = await files.sweep(await owners(), { olderThan: olderThan * HOUR, dryRun });
  const rows = swept.map(({ area, removed }) => [area, String(removed)]);
  console.log(table([["AREA", dryRun ? "WOULD DELETE" : "DELETED"], ...rows]));
}
