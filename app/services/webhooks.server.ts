/** How a feature hears of events from other systems: what a receiver of Django's signals stands for, as a job. */
import type { Run } from "./jobs.server";

/** An event that was accepted. */
export interface ReceivedEvent {
  id: number;
  provider: string;
  /** What kind it is, in its sender's words: "push"; null where they do not say. */
  event: string | null;
  /** How its sender calls it; null where they do not. */
  eventId: string | null;
  /** Its body, where that is a JSON object or list. */
  payload: unknown;
  /** Its body, to the byte. */
  body: Buffer;
  receivedAt: Date;
}

/** Listed as `webhooks` in the feature.server.ts of a feature. */
export interface WebhookSubscription {
  /** Stays the same, and is nobody else's: what is done for an event is known by it. */
  name: string;
  /** Of whom; `*` is everybody. */
  provider: string;
  /** Which; `*` is every event. */
  event: string;
  /**
   * Loaded when it is first needed. It runs as a job, once an event: what it writes within `run.finish` is there exactly
   * once, however often it was tried.
   */
  handler(): Promise<{ default(event: ReceivedEvent, run: Run): Promise<void> }>;
}

let all = (): WebhookSubscription[] => [];

/** Says what the features have listed. They are read here, since what runs a subscription is itself listed by one. */
export const provideSubscriptions = (list: () => WebhookSubscription[]) => {
  all = list;
};

export const subscriptions = () => all();

/** Those that hear of an event. */
export const subscriptionsTo = ({ provider, event }: Pick<ReceivedEvent, "provider" | "event">) =>
  all().filter(
    (to) => (to.provider === "*" || to.provider === provider) && (to.event === "*" || to.event === event),
  );
