import { seed } from "~/features/tasks/feature.server";
import type { BenchPage, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "tasks", path: "/tasks", data: "small" },
  { name: "tasks-signed-in", path: "/tasks", data: "small", signedIn: true },
  { name: "tasks-overdue", path: "/tasks?show=overdue", data: "large" },
  { name: "task", path: "/tasks/1", data: "small" },
  { name: "tasks-10k-page-100", path: "/tasks?page=100", data: "large" },
  { name: "task-complete", path: "/tasks/1/complete", data: "small", method: "POST", status: 303 },
];

/** 75 tasks, 50 of them open, and 10,000. */
export async function fill(data: DataSet) {
  await seed.run(data === "small" ? 75 : 10_000);
}
