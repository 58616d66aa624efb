import { Event } from "#models/webhook-event.server";
import { inGroups } from "~/services/group-commit.server";
import { Hopeless, type Run } from "~/services/jobs.server";
import { subscriptions } from "~/services/webhooks.server";

/** Jobs that begin together read their events together. */
const load = inGroups((ids: number[]) => Event.withBodies(ids));

export default async function processWebhook(job: { event: number; subscription: string }, run: Run) {
  const subscription = subscriptions().find(({ name }) => name === job.subscription);
  if (!subscription) throw new Hopeless(`Nobody is called ${job.subscription} any more`);
  const event = await load(job.event);
  if (!event) throw new Hopeless("The event is not there any more");
  const { payload, body, text: _text, bytes: _bytes, ...about } = event;
  if (!body) throw new Hopeless("The body of the event is not kept any more");
  const { default: handle } = await subscription.handler();
  await handle({ ...about, payload: payload === null ? null : JSON.parse(payload), body }, run);
}
