import type { Show } from "#models/todo.server";
import { type Tab, Tabs } from "~/components/tabs";

const TABS: Tab<Show | "trash">[] = [
  { name: "all", to: "/todos", label: "All" },
  { name: "active", to: "/todos?show=active", label: "Active" },
  { name: "completed", to: "/todos?show=completed", label: "Completed" },
  { name: "trash", to: "/todos/trash", label: "Trash" },
];

/** The filters. */
export const TodoTabs = ({ current }: { current: Show | "trash" }) => (
  <Tabs label="Filter" tabs={TABS} current={current} />
);
