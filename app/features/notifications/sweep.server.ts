import { z } from "zod";
import { defineJob } from "~/services/jobs.server";

/** Deletes notifications that are more than 90 days old. */
export const sweepNotifications = defineJob({
  name: "sweep-notifications",
  schema: z.object({}) as z.ZodType<Record<string, never>>,
  handler: () => import("./sweep-notifications.server"),
});
