/** What the features give the frame on the server: the other half of features.ts. */
import * as accounts from "~/features/accounts/feature.server";
import * as admin from "~/features/admin/feature.server";
import * as blog from "~/features/blog/feature.server";
import * as chat from "~/features/chat/feature.server";
import * as contact from "~/features/contact/feature.server";
import * as documents from "~/features/documents/feature.server";
import * as inventory from "~/features/inventory/feature.server";
import * as jobs from "~/features/jobs/feature.server";
import * as mail from "~/features/mail/feature.server";
import * as notifications from "~/features/notifications/feature.server";
import * as profile from "~/features/profile/feature.server";
import * as tasks from "~/features/tasks/feature.server";
import * as todos from "~/features/todos/feature.server";
import * as webhooks from "~/features/webhooks/feature.server";

import type { AdminEntry } from "~/services/admin.server";
import type { FileOwner } from "~/services/files.server";
import type { JobType, Recurring } from "~/services/jobs.server";
import type { SocketEndpoint } from "~/services/sockets.server";
import { provideSubscriptions, type WebhookSubscription } from "~/services/webhooks.server";

export interface FeatureServer {
  /** The name of its folder in app/features. */
  name: string;
  /** One live figure for the home page, in words; null where there is nothing to tell. */
  figure?(): Promise<string | null>;
  /** What to tell whoever has just started the server at this address; null where there is nothing to tell. */
  notice?(url: string): Promise<string | null>;
  /** Its models' screens in the admin. */
  admin?: AdminEntry[];
  /** What it has done in the background. */
  jobs?: JobType[];
  /** Those of its jobs that are asked for by the clock. */
  recurring?: Recurring[];
  /** What it does with events from other systems. */
  webhooks?: WebhookSubscription[];
  /** What it answers over WebSockets. */
  sockets?: SocketEndpoint[];
  /** The files that its rows point to, for `manage files`. */
  files?: FileOwner;
  /**
   * Demo data for `manage seed`: what is counted, where the feature's name does not say so, how many by default, and
   * how to add them. Safe to run twice.
   */
  seed?: { of?: string; count: number; run(count: number): Promise<void> };
}

export const featureServers: FeatureServer[] = [
  accounts,
  admin,
  jobs,
  notifications,
  mail,
  blog,
  chat,
  contact,
  documents,
  inventory,
  profile,
  tasks,
  todos,
  webhooks,
];

provideSubscriptions(() => featureServers.flatMap(({ webhooks = [] }) => webhooks));
