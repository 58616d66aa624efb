import { defineJob, noPayload } from "~/services/jobs.server";

/** Deletes notifications that are more than 90 days old. */
export const sweepNotifications = defineJob({
  name: "sweep-notifications",
  schema: noPayload,
  handler: () => import("./sweep-notifications.server"),
});
