import { z } from "zod";
import { defineJob } from "~/services/jobs.server";

const schema = z.object({}) as z.ZodType<Record<string, never>>;

/** Deletes jobs that were done more than a week ago. */
export const sweepJobs = defineJob({
  name: "sweep-jobs",
  schema,
  handler: () => import("./sweep-jobs.server"),
});

/** Deletes for good what has been in a trash for 30 days. */
export const sweepTrash = defineJob({
  name: "sweep-trash",
  schema,
  handler: () => import("./sweep-trash.server"),
});

/** Deletes sessions that have expired. */
export const sweepSessions = defineJob({
  name: "sweep-sessions",
  schema,
  handler: () => import("./sweep-sessions.server"),
});
