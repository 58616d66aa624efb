import { log } from "~/services/log.server";
import type { ReceivedEvent } from "~/services/webhooks.server";

/** The example of a handler: a line in the log. What it holds is the sender's, and may be private. */
export default async function logWebhook({ id, provider, event, eventId }: ReceivedEvent) {
  log().info({ webhook: id, provider, event, eventId }, "webhook");
}
