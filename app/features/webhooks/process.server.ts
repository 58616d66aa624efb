/** What is done with an event: a job for each subscription to it. How far it has come is what the jobs say. */
import { z } from "zod";
import { defineJob } from "~/services/jobs.server";
import { subscriptionsTo } from "~/services/webhooks.server";

/** Has a subscription hear of an event. */
export const processWebhook = defineJob({
  name: "process-webhook",
  schema: z.object({ event: z.int(), subscription: z.string() }),
  handler: () => import("./process-webhook.server"),
});

/** Of an event and a subscription there is one job. */
export const keyOf = (event: number, subscription: string) => `${event} ${subscription}`;

/** The jobs of an event: one for each subscription that hears of it now. */
export const jobsOf = (event: { id: number; provider: string; event: string | null }) =>
  subscriptionsTo(event).map(({ name }) => ({
    payload: { event: event.id, subscription: name },
    key: keyOf(event.id, name),
  }));
