/** The form in which a task is written: what it may hold, who may be chosen, and what became of it. */
import { z } from "zod";
import type { CurrentUser } from "#models/current-user.server";
import { Task, type TaskValues, taskDueOn, taskTitle, UnknownAssignee } from "#models/task.server";
import type { Problem } from "~/components/problem";
import { fieldProblem, readForm } from "~/services/forms.server";

const schema = z.object({ title: taskTitle, assignee: z.string().optional(), due_on: taskDueOn });

/** Reads the form and saves it: what `save` returned, or the problem to answer with. */
export async function saving<Saved>(
  request: Request,
  by: CurrentUser | null,
  save: (values: TaskValues) => Promise<Saved>,
): Promise<{ problem: Problem } | { problem?: undefined; saved: Saved; title: string }> {
  const form = await readForm(request, schema);
  if (form.problem) return { problem: form.problem };
  const { title, assignee, due_on: dueOn } = form.value;
  // Who may be anybody is told of nobody who has an account, and asks nobody for anything.
  if (!by && assignee?.trim())
    return { problem: fieldProblem(form.typed, "assignee", "Sign in to give a task to somebody") };
  try {
    return { saved: await save({ title, assignee: by ? assignee : undefined, dueOn }), title };
  } catch (error) {
    if (error instanceof UnknownAssignee)
      return { problem: fieldProblem(form.typed, "assignee", error.message) };
    throw error;
  }
}

/** Whom a person may give a task to: nobody (undefined) where they are not signed in, null where there are too many to list. */
export const assigneesFor = async (user: CurrentUser | null) => (user ? Task.people() : undefined);
