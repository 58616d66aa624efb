import type { WebhookSubscription } from "~/services/webhooks.server";
import { processWebhook } from "./process.server";

export const name = "webhooks";

export const jobs = [processWebhook];

export const webhooks: WebhookSubscription[] = [
  { name: "log", provider: "*", event: "*", handler: () => import("./log-webhook.server") },
];
