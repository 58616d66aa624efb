import { eachRow } from "#models/each-row.server";
import { MINUTE } from "#models/time";
import { Todo, todoTitle } from "#models/todo.server";
import { adminEntry } from "~/services/admin.server";
import { demoTitle } from "./demo.server";

export const name = "todos";

export const admin = [
  adminEntry({
    model: Todo,
    singular: "to-do",
    list: ["title", "done", "createdAt"],
    search: ["title"],
    filters: ["done", "createdAt"],
    ordering: ["-createdAt"],
    rules: { title: todoTitle },
    viewOnSite: () => "/todos",
    actions: [
      {
        name: "done",
        label: "Mark the selected to-dos as done",
        needs: "change",
        apply: (todo) => todo.set({ done: true }),
      },
      {
        name: "open",
        label: "Mark the selected to-dos as not done",
        needs: "change",
        apply: (todo) => todo.set({ done: false }),
      },
    ],
  }),
];

export async function figure() {
  const { active } = await Todo.counts();
  return active > 0 ? `${active.toLocaleString("en")} left` : null;
}

/** Rows that are read or written at once. */
const SLICE = 1_000;

/** Every title that there is, also in the trash. */
async function knownTitles() {
  const known = new Set<string>();
  const options = { attributes: ["id", "title"], paranoid: false, raw: true };
  for await (const { title } of eachRow(Todo, options, SLICE)) known.add(title);
  return known;
}

export const seed = {
  count: 12,
  /** Adds what is missing of the first `count` demo to-dos, every third of them done. */
  async run(count: number) {
    const known = await knownTitles();
    const now = Date.now();
    for (let start = 0; start < count; start += SLICE) {
      const rows = Array.from({ length: Math.min(SLICE, count - start) }, (_, index) => start + index)
        .map((n) => ({
          title: demoTitle(n),
          done: n % 3 === 2,
          createdAt: new Date(now - n * 47 * MINUTE),
        }))
        .filter((todo) => !known.has(todo.title));
      await Todo.bulkCreate(rows.reverse());
    }
  },
};
