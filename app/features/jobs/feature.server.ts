import { Job } from "#models/job.server";
import { adminEntry } from "~/services/admin.server";
import type { Recurring } from "~/services/jobs.server";
import { sweepJobs, sweepSessions, sweepTrash } from "./sweeps.server";

export const name = "jobs";

const PATH = "/admin/jobs/job";

export const jobs = [sweepJobs, sweepTrash, sweepSessions];

export const recurring: Recurring[] = [
  { job: sweepJobs, cron: "7 3 * * *" },
  { job: sweepTrash, cron: "37 3 * * *" },
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
    secret: ["beat"],
    labels: {
      maxAttempts: "Attempts at most",
      runAt: "Not before",
      worker: "Held by the worker",
      createdAt: "Asked for at",
    },
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
    links: ({ id, status }, by) => {
      if (!by.can("change", "job")) return [];
      const press = (action: string, label: string) => ({
        label,
        to: `${PATH}/action`,
        post: { action, ids: String(id), confirm: "1" },
      });
      return [
        ...(status === "failed" || status === "discarded" ? [press("retry", "Retry")] : []),
        ...(status === "failed" || status === "queued" ? [press("discard", "Discard")] : []),
      ];
    },
    async refuse({ deed, row }) {
      if (row?.status !== "running") return null;
      return { name: "", message: `It is running: wait until it has ended, then ${deed} it` };
    },
  }),
];
