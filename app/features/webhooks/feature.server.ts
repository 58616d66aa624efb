import { z } from "zod";
import { DAY, MINUTE } from "#models/time";
import { addMissing } from "#models/webhook-arrival.server";
import { Event } from "#models/webhook-event.server";
import { Hour } from "#models/webhook-hour.server";
import { Secret, tailOf, webhookProvider, webhookSecret } from "#models/webhook-secret.server";
import { counted } from "~/components/counted";
import { adminEntry } from "~/services/admin.server";
import { secretField } from "~/services/forms.server";
import { defineJob, noPayload, type Recurring } from "~/services/jobs.server";
import type { WebhookSubscription } from "~/services/webhooks.server";
import { demoEvent } from "./demo.server";
import { processWebhook } from "./process.server";
import { declaredProviders } from "./schemes.server";

export const name = "webhooks";

/** Deletes bodies, headers and refused events that are older than WEBHOOK_DAYS. */
const sweepWebhooks = defineJob({
  name: "sweep-webhooks",
  schema: noPayload,
  handler: () => import("./sweep-webhooks.server"),
  timeout: 10 * MINUTE,
});

export const jobs = [processWebhook, sweepWebhooks];

export const recurring: Recurring[] = [{ job: sweepWebhooks, cron: "37 3 * * *" }];

export const webhooks: WebhookSubscription[] = [
  { name: "log", provider: "*", event: "*", handler: () => import("./log-webhook.server") },
];

export const admin = [
  adminEntry<Event>({
    model: Event,
    name: ({ id, provider, event }) => `${provider} ${event ?? ""} #${id}`,
    list: ["provider", "event", "eventId", "signatureValid", "refusal", "duplicates", "receivedAt"],
    search: ["provider", "event", "eventId"],
    filters: ["signatureValid", "receivedAt"],
    ordering: ["-id"],
    labels: { eventId: "Event id", ip: "From", secretTail: "Signed with a secret that ends with" },
    secret: ["payload", "text", "bytes", "headers", "digest"],
    viewOnly: true,
    viewOnSite: ({ id }) => `/webhooks/events/${id}`,
  }),
  adminEntry<Secret>({
    model: Secret,
    name: ({ provider, value }) => `${provider} …${tailOf(value)}`,
    list: ["provider", { label: "Ends with", value: ({ value }) => tailOf(value) }, "active", "createdAt"],
    search: ["provider"],
    filters: ["active", "createdAt"],
    ordering: ["provider", "-id"],
    secret: ["value"],
    rules: { provider: webhookProvider },
    help: {
      provider: `As in its address, /webhooks/github. ${declaredProviders.join(", ")} sign in their own way, all others as the tutorial does`,
      active:
        "Whether it is accepted. Take it away when nothing is signed with it any more; it still explains refusals",
    },
    adding: ["provider", "active"],
    extra: {
      schema: z.object({ secret: secretField("Enter a secret") }),
      fields: [
        {
          name: "secret",
          label: "Secret",
          help: "It is never shown again, but for its last four characters",
          type: "password",
        },
      ],
      async read({ secret = "" }) {
        const { data, error } = webhookSecret.safeParse(secret);
        return error ? { name: "secret", message: error.issues[0]!.message } : { value: data };
      },
    },
  }),
];

export async function figure() {
  const bars = await Hour.last(24, null);
  const count = bars.reduce((sum, { accepted }) => sum + accepted, 0);
  return count > 0 ? `${counted(count, "event")} in the last day` : null;
}

/** Events that are made at a time: a million of them are not to be in memory. */
const PART = 5_000;

export const seed = {
  count: 60,
  /** Adds what is missing of the first `count` demo events: one every 23 minutes, or all within a month; every ninth was refused. */
  async run(count: number) {
    const now = Date.now();
    const step = Math.min(23 * MINUTE, (30 * DAY) / Math.max(count, 1));
    // The oldest first: ids go up with time.
    for (let left = count; left > 0; left -= PART) {
      const part = Array.from({ length: Math.min(left, PART) }, (_, n) => left - 1 - n);
      await addMissing(
        part.map((n) => ({ ...demoEvent(n), receivedAt: new Date(now - Math.round((n + 1) * step)) })),
      );
    }
  },
};
