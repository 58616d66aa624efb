import type { Show } from "#models/task.server";
import { type Tab, Tabs } from "~/components/tabs";

const TABS: Tab<Show | "trash">[] = [
  { name: "open", to: "/tasks", label: "Open" },
  { name: "mine", to: "/tasks?show=mine", label: "Mine" },
  { name: "overdue", to: "/tasks?show=overdue", label: "Overdue" },
  { name: "done", to: "/tasks?show=done", label: "Done" },
  { name: "trash", to: "/tasks/trash", label: "Trash" },
];

/** The filters. Only who is signed in has tasks of their own. */
export const TaskTabs = ({ current, isSignedIn }: { current: Show | "trash"; isSignedIn: boolean }) => (
  <Tabs label="Filter" tabs={TABS.filter(({ name }) => isSignedIn || name !== "mine")} current={current} />
);
