import type { LoaderFunctionArgs } from "@remix-run/node";
import { Task } from "#models/task.server";
import { eventStream } from "~/services/events.server";
import { idParam, notFound } from "~/services/http.server";
import { isUnderWay, progressOf } from "~/services/jobs.server";
import { completionKey, notifyTaskCompleted } from "./notify.server";

/** Tells how far the notification of a completed task has come, as it goes. */
export async function loader(args: LoaderFunctionArgs) {
  const task = await Task.find(idParam(args.params.id));
  if (!task) throw notFound();
  // Nothing is to come: 204 tells an EventSource not to ask again (HTML Standard, 9.2.3).
  if (!task.completedAt) return new Response(null, { status: 204 });
  const key = completionKey(task.id, task.completedAt);
  return eventStream(args, async () => {
    const progress = await progressOf(notifyTaskCompleted, key);
    return {
      data: { state: progress?.state ?? null, attempts: progress?.attempts ?? 0 },
      last: !progress || !isUnderWay(progress.state),
    };
  });
}
