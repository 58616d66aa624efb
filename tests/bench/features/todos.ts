import { Op } from "sequelize";
import { Todo } from "#models/todo.server";
import { seed } from "~/features/todos/feature.server";
import { measureLongList } from "../admin";
import type { BenchPage, BenchPart, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "todos", path: "/todos", data: "small" },
  { name: "todos-gzip", path: "/todos", data: "small", headers: { "Accept-Encoding": "gzip" } },
  { name: "todos-active", path: "/todos?show=active", data: "small" },
  { name: "todos-trash", path: "/todos/trash", data: "small" },
  { name: "todos-10k", path: "/todos", data: "large" },
  { name: "todos-10k-page-150", path: "/todos?page=150", data: "large" },
  { name: "admin-list", path: "/admin/todos/todo", data: "small", signedIn: true },
  { name: "admin-list-10k-search", path: "/admin/todos/todo?q=bolts", data: "large", signedIn: true },
  { name: "todo-toggle", path: "/todos/100/toggle", data: "small", method: "POST", status: 303 },
];

/** 50 to-dos, and 10,000; beside them 50 in the trash. */
export async function fill(data: DataSet) {
  if (data === "large") return seed.run(10_050);
  await seed.run(100);
  await Todo.destroy({ where: { id: { [Op.lte]: 50 } } });
}

export const parts: BenchPart[] = [
  {
    name: "admin-million",
    async run(server) {
      const { pages } = await import("../pages");
      return measureLongList(server, pages.find(({ signedIn }) => signedIn)!.headers!);
    },
  },
];
