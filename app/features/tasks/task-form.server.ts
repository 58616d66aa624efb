/** The form in which a task is written: what it may hold, who may be chosen, and what became of it. */
import { z } from "zod";
import type { CurrentUser } from "#models/current-user.server";
import {
  Task,
  TaskChanged,
  type TaskValues,
  taskDueOn,
  taskTitle,
  UnknownAssignee,
} from "#models/task.server";
import type { Problem } from "~/components/problem";
import { changedProblem, fieldProblem, readForm } from "~/services/forms.server";
import { notFound } from "~/services/http.server";

const schema = z.object({
  title: taskTitle,
  assignee: z.string().optional(),
  due_on: taskDueOn,
  version: z.string().optional(),
});

/** Reads the form and saves it: what `save` returned, or the problem to answer with. */
export async function saving<Saved>(
  request: Request,
  by: CurrentUser | null,
  save: (values: TaskValues, version: string | undefined) => Promise<Saved>,
): Promise<{ problem: Problem; status?: number } | { problem?: undefined; saved: Saved; title: string }> {
  const form = await readForm(request, schema);
  if (form.problem) return { problem: form.problem };
  const { title, assignee, due_on: dueOn, version } = form.value;
  // Who may be anybody is told of nobody who has an account, and asks nobody for anything.
  if (!by && assignee?.trim())
    return { problem: fieldProblem(form.typed, "assignee", "Sign in to give a task to somebody") };
  try {
    return { saved: await save({ title, assignee: by ? assignee : undefined, dueOn }, version), title };
  } catch (error) {
    if (error instanceof TaskChanged)
      return { problem: await changed(error.id, by, form.typed), status: 409 };
    if (error instanceof UnknownAssignee)
      return { problem: fieldProblem(form.typed, "assignee", error.message) };
    throw error;
  }
}

async function changed(id: number, by: CurrentUser | null, typed: Record<string, string>) {
  const task = await Task.find(id);
  if (!task) throw notFound();
  const { title, dueOn, username, version } = task;
  return changedProblem("task", typed, {
    title,
    due_on: dueOn ?? "",
    version,
    ...(by && { assignee: username ?? "" }),
  });
}

/** Whom a person may give a task to: nobody (undefined) where they are not signed in, null where there are too many to list. */
export const assigneesFor = async (user: CurrentUser | null) => (user ? Task.people() : undefined);
