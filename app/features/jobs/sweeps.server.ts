import { defineJob, noPayload } from "~/services/jobs.server";

/** Deletes jobs that were done more than a week ago. */
export const sweepJobs = defineJob({
  name: "sweep-jobs",
  schema: noPayload,
  handler: () => import("./sweep-jobs.server"),
});

/** Deletes for good what has been in a trash for 30 days. */
export const sweepTrash = defineJob({
  name: "sweep-trash",
  schema: noPayload,
  handler: () => import("./sweep-trash.server"),
});

/** Deletes sessions that have expired. */
export const sweepSessions = defineJob({
  name: "sweep-sessions",
  schema: noPayload,
  handler: () => import("./sweep-sessions.server"),
});
