import { Task, taskDueOn, taskTitle } from "#models/task.server";
import { DAY, HOUR } from "#models/time";
import { User } from "#models/user.server";
import { adminEntry } from "~/services/admin.server";
import { demoTitle } from "./demo.server";
import { notifyTaskCompleted } from "./notify.server";

export const name = "tasks";

export const jobs = [notifyTaskCompleted];

export const admin = [
  adminEntry<Task>({
    model: Task,
    list: ["title", "completed", "assigneeId", "dueOn", "createdAt"],
    search: ["title"],
    filters: ["completed", "assigneeId", "dueOn", "createdAt"],
    ordering: ["-createdAt"],
    rules: { title: taskTitle, dueOn: taskDueOn },
    // Completing tells others: the pages of the feature do both in one.
    readonly: ["completed", "completedAt"],
    help: { completed: "Complete or reopen it on its page" },
    viewOnSite: ({ id }) => `/tasks/${id}`,
  }),
];

export async function figure() {
  const { open, overdue } = await Task.counts();
  if (open === 0) return null;
  const said = `${open.toLocaleString("en")} open`;
  return overdue > 0 ? `${said}, ${overdue.toLocaleString("en")} overdue` : said;
}

export const seed = {
  count: 60,
  /** Adds what is missing of the first `count` demo tasks: due around today, every third done, others with assignees. */
  async run(count: number) {
    const people = await User.findAll({ attributes: ["id"], order: ["id"], limit: 6, raw: true });
    const have = new Set(
      (await Task.findAll({ attributes: ["title"], paranoid: false, raw: true })).map((task) => task.title),
    );
    const now = Date.now();
    const dayFrom = (days: number) => new Date(now + days * DAY).toISOString().slice(0, 10);
    const rows = Array.from({ length: count }, (_, n) => ({
      title: demoTitle(n),
      completed: n % 3 === 2,
      completedAt: n % 3 === 2 ? new Date(now - n * HOUR) : null,
      assigneeId: n % 4 === 3 ? null : (people[n % Math.max(people.length, 1)]?.id ?? null),
      dueOn: n % 5 === 4 ? null : dayFrom(((n * 7) % 23) - 6),
      createdAt: new Date(now - (n + 1) * 2 * HOUR),
    })).filter((task) => !have.has(task.title));
    for (let start = 0; start < rows.length; start += 1_000) {
      await Task.bulkCreate(rows.slice(start, start + 1_000).reverse());
    }
  },
};
