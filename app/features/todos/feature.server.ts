import { eachRow } from "#models/each-row.server";
import { Todo, todoTitle } from "#models/todo.server";
import { adminEntry } from "~/services/admin.server";

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
  return active > 0 ? `${active} left` : null;
}

const VERBS = [
  "Order",
  "Review",
  "Renew",
  "Call about",
  "Send",
  "Check",
  "Plan",
  "Tidy up",
  "Measure",
  "Archive",
];
const THINGS = [
  "the M8 bolts for the workshop",
  "the signed contract for Zürich",
  "the incident report before Friday’s stand-up",
  "the TLS certificate",
  "the backup on the second disk",
  "the leaking tap in the kitchen",
  "the invoices of last month",
  "the new badge printer",
  "the fire drill",
  "the translation of the manual",
  "the spare key 🔑",
];

/** The n-th title, the same at every run; they repeat after 110 and then carry a number. */
function title(n: number) {
  const round = Math.floor(n / (VERBS.length * THINGS.length));
  return `${VERBS[n % VERBS.length]} ${THINGS[n % THINGS.length]}${round ? ` (${round + 1})` : ""}`;
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
        .map((n) => ({ title: title(n), done: n % 3 === 2, createdAt: new Date(now - n * 47 * 60 * 1000) }))
        .filter((todo) => !known.has(todo.title));
      await Todo.bulkCreate(rows.reverse());
    }
  },
};
