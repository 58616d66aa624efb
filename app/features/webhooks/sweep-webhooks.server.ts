import { Event } from "#models/webhook-event.server";
import { Hour } from "#models/webhook-hour.server";
import { config } from "~/services/config.server";

export default async function sweepWebhooks() {
  await Event.forget(config().WEBHOOK_DAYS);
  await Hour.sweep(config().WEBHOOK_DAYS);
}
