import { Notification } from "#models/notification.server";

const DAYS_KEPT = 90;

export default async function sweepNotifications() {
  await Notification.sweep(DAYS_KEPT);
}
