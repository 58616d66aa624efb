import type { Transaction } from "sequelize";
import { z } from "zod";
import type { Actor } from "#models/activity.server";
import type { Completed } from "#models/task.server";
import { defineJob, enqueue } from "~/services/jobs.server";

const schema = z.object({
  task: z.int(),
  title: z.string(),
  /** By whom; null where nobody was signed in. */
  by: z.string().nullable(),
  key: z.string(),
});

export type TaskCompleted = z.infer<typeof schema>;

/** Tells everybody that a task was completed. */
export const notifyTaskCompleted = defineJob<TaskCompleted>({
  name: "notify-task-completed",
  schema,
  handler: () => import("./notify-task-completed.server"),
});

/** One completion of a task: reopened and completed again, it is another. */
export const completionKey = (id: number, completedAt: Date) =>
  `task ${id} completed ${completedAt.toISOString()}`;

/** What `Task.complete` is to do along with it: others are told later, by a job. */
export const announcedBy = (by: Actor | null) => (completed: Completed, transaction: Transaction) => {
  const { id: task, title, completedAt } = completed;
  const key = completionKey(task, completedAt);
  return enqueue(notifyTaskCompleted, { task, title, by: by?.username ?? null, key }, { transaction, key });
};
