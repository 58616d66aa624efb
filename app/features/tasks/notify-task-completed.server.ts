import { Notification } from "#models/notification.server";
import type { Run } from "~/services/jobs.server";
import type { TaskCompleted } from "./notify.server";

/** The notification and the job's completion are one transaction: it is written once, whatever dies when. */
export default async function notify({ task, title, by, key }: TaskCompleted, run: Run) {
  const text = `“${title}” was completed${by ? ` by ${by}` : ""}.`;
  await run.finish((transaction) => Notification.add({ key, text, path: `/tasks/${task}` }, transaction));
}
