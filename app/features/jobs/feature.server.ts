import { Job } from "#models/job.server";
import { adminEntry } from "~/services/admin.server";
import type { Recurring } from "~/services/jobs.server";
import { sweepJobs, sweepSessions } from "./sweeps.server";

export const name = "jobs";

export const jobs = [sweepJobs, sweepSessions];

export const recurring: Recurring[] = [
  { job: sweepJobs, cron: "7 3 * * *" },
  { job: sweepSessions, cron: "17 * * * *" },
];

export const admin = [
  adminEntry<Job>({
    model: Job,
    name: ({ id, name }) => `${name} #${id}`,
    list: [
      "name",
      "status",
      "attempts",
      { label: "Next run", value: ({ status, runAt }) => (status === "queued" ? (runAt ?? "now") : null) },
      { label: "Last error", value: ({ errors }) => errors.at(-1)?.message ?? null },
      "createdAt",
      "finishedAt",
    ],
    search: ["name", "key"],
    filters: ["status", "createdAt"],
    ordering: ["-id"],
    viewOnly: true,
    actions: [
      {
        name: "retry",
        label: "Retry the selected jobs",
        needs: "change",
        apply: (job) => void job.retry(),
      },
      {
        name: "discard",
        label: "Discard the selected jobs",
        needs: "change",
        apply: (job) => void job.discard(),
      },
    ],
    async refuse({ deed, row }) {
      if (row?.status !== "running") return null;
      return { name: "", message: `It is running: wait until it has ended, then ${deed} it` };
    },
  }),
];
