import type { Command } from "commander";
import { counted } from "~/components/counted";
import { Failure } from "./failure";
import { table } from "./table";
import { withTables } from "./with-database";

const LISTED = 50;

export function configure(command: Command) {
  command
    .option("--state <state>", "list those that are queued, running, done, failed or discarded", "failed")
    .option(
      "--retry <id>",
      "queue one again that has failed or was discarded; all: every one that has failed",
    )
    .action(({ state, retry }: { state: string; retry?: string }) =>
      withTables(() => (retry ? retryJobs(retry) : list(state))),
    );
}

async function list(state: string) {
  const { Job, JOB_STATES } = await import("#models/job.server");
  const status = JOB_STATES.find((name) => name === state);
  if (!status) throw new Failure(`--state takes one of: ${JOB_STATES.join(", ")}.`);
  const counts = await Job.counts();
  console.log(JOB_STATES.map((name) => `${counts[name]} ${name}`).join(", "));
  const jobs = await Job.findAll({ where: { status }, order: [["id", "DESC"]], limit: LISTED });
  if (jobs.length === 0) return;
  const rows = jobs.map(({ id, name, attempts, maxAttempts, createdAt, errors }) => [
    String(id),
    name,
    `${attempts} of ${maxAttempts}`,
    createdAt.toISOString().slice(0, 19).replace("T", " "),
    errors.at(-1)?.message.split("\n")[0] ?? "",
  ]);
  console.log(table([["ID", "NAME", "ATTEMPTS", "ASKED FOR (UTC)", "LAST ERROR"], ...rows]));
  if (counts[status] > LISTED) console.log(`… and ${counts[status] - LISTED} more`);
}

async function retryJobs(which: string) {
  const { Job } = await import("#models/job.server");
  const { transaction } = await import("#models/database.server");
  const { isId } = await import("~/services/http.server");
  if (which !== "all" && !isId(which)) throw new Failure("--retry takes an id, or all.");
  const count = await transaction(async (transaction) => {
    const where = which === "all" ? { status: "failed" as const } : { id: Number(which) };
    const jobs = await Job.findAll({ where, transaction, lock: true });
    const retried = jobs.filter((job) => job.retry().changed());
    for (const job of retried) await job.save({ transaction });
    return retried.length;
  });
  console.log(`Queued ${counted(count, "job")} again.`);
  if (count === 0 && which !== "all") throw new Failure(`Job ${which} is not there, or has not failed.`);
}
