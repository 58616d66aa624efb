/** What `npm run bench` measures, and the data it measures on. A new page is one more line in `pages`. */
import { join } from "node:path";
import { Op } from "sequelize";
import { TEST_SECRET } from "../helpers/server";

/** A prepared database: `small` fills one page of each list, `large` many, `huge` as many as are asked for. */
type DataSet = "small" | "large" | "huge";

export interface BenchPage {
  name: string;
  path: string;
  data: DataSet;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  /** Asked for by a superuser who is signed in. */
  signedIn?: boolean;
  /** What every answer must have; 200 where nothing else is said. */
  status?: number;
}

export const pages: BenchPage[] = [
  { name: "floor", path: "/healthz", data: "small" },
  { name: "home", path: "/", data: "small" },
  { name: "home-signed-in", path: "/", data: "small", signedIn: true },
  { name: "not-found", path: "/nothing-here", data: "small", status: 404 },
  { name: "todos", path: "/todos", data: "small" },
  { name: "todos-gzip", path: "/todos", data: "small", headers: { "Accept-Encoding": "gzip" } },
  { name: "todos-active", path: "/todos?show=active", data: "small" },
  { name: "todos-trash", path: "/todos/trash", data: "small" },
  { name: "todos-10k", path: "/todos", data: "large" },
  { name: "todos-10k-page-150", path: "/todos?page=150", data: "large" },
  { name: "admin-list", path: "/admin/todos/todo", data: "small", signedIn: true },
  { name: "admin-list-10k-search", path: "/admin/todos/todo?q=bolts", data: "large", signedIn: true },
  // Last: it changes what the others show.
  { name: "todo-toggle", path: "/todos/100/toggle", data: "small", method: "POST", status: 303 },
];

/** The admin's list where it is long. Asked for by one person at a time; titles hold a number each. */
export const adminPages = (rows: number): BenchPage[] =>
  [
    { name: "first page", path: "" },
    { name: "deep page", path: `?page=${Math.floor(rows / 100)}` },
    { name: "filter", path: "?done=yes" },
    { name: "search, frequent", path: "?q=bolts" },
    { name: "search, rare", path: `?q=${Math.floor(rows * 0.77)}` },
    { name: "search, none", path: "?q=nothing+like+it" },
  ].map((page) => ({ ...page, path: `/admin/todos/todo${page.path}`, data: "huge", signedIn: true }));

export const databaseUrl = (folder: string, data: DataSet) => `sqlite:${join(folder, `${data}.sqlite`)}`;

/**
 * Writes the data sets into `folder`: 50 to-dos, 10,000 and `rows`, each with 50 more in the trash, and a superuser
 * whose cookie goes to the pages that want one.
 */
export async function prepare(folder: string, { pages, rows = 0 }: { pages: BenchPage[]; rows?: number }) {
  // The connection is made from it when the models are imported.
  process.env.DATABASE_URL = `sqlite:${join(folder, "base.sqlite")}`;
  process.env.SESSION_SECRET = TEST_SECRET;
  const { disconnect, sequelize } = await import("#models/database.server");
  const { migrate } = await import("#models/migrate.server");
  const { Todo } = await import("#models/todo.server");
  const { seed: todos } = await import("~/features/todos/feature.server");
  const keep = (data: DataSet) =>
    sequelize.query("VACUUM INTO ?", { replacements: [databaseUrl(folder, data).slice("sqlite:".length)] });

  const { User } = await import("#models/user.server");
  const { startSession } = await import("~/services/session.server");

  await migrate();
  const user = await User.add({ username: "bench", isStaff: true, isSuperuser: true });
  const cookie = await startSession(new Request("http://localhost/"), user);
  for (const page of pages) {
    if (page.signedIn) page.headers = { ...page.headers, Cookie: cookie.split(";")[0]! };
  }
  await todos.run(100);
  await Todo.destroy({ where: { id: { [Op.lte]: 50 } } });
  await keep("small");
  await todos.run(10_050);
  await keep("large");
  if (rows > 0) {
    await sequelize.query(
      `WITH RECURSIVE numbers (n) AS (SELECT 10000 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1)
       INSERT INTO todos (title, done, created_at)
       SELECT (SELECT title FROM todos WHERE id = 51 + n % 110) || ' (' || n || ')', n % 3 = 2,
         STRFTIME('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' minutes') || ' +00:00' FROM numbers`,
      { replacements: [rows] },
    );
    await keep("huge");
  }
  await disconnect();
}
