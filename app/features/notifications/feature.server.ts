import { Notification } from "#models/notification.server";
import { adminEntry } from "~/services/admin.server";
import type { Recurring } from "~/services/jobs.server";
import { sweepNotifications } from "./sweep.server";

export const name = "notifications";

export const jobs = [sweepNotifications];

export const recurring: Recurring[] = [{ job: sweepNotifications, cron: "27 3 * * *" }];

export const admin = [
  adminEntry<Notification>({
    model: Notification,
    list: ["text", "path", { label: "For", value: ({ userId }) => userId ?? "everybody" }, "createdAt"],
    search: ["text", "key"],
    filters: ["createdAt", "userId"],
    ordering: ["-createdAt"],
    viewOnly: true,
    viewOnSite: ({ path }) => path,
  }),
];
