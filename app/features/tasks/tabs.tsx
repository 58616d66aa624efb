import { Link } from "@remix-run/react";
import type { Show } from "#models/task.server";

const TABS: { name: Show | "trash"; to: string; label: string }[] = [
  { name: "open", to: "/tasks", label: "Open" },
  { name: "mine", to: "/tasks?show=mine", label: "Mine" },
  { name: "overdue", to: "/tasks?show=overdue", label: "Overdue" },
  { name: "done", to: "/tasks?show=done", label: "Done" },
  { name: "trash", to: "/tasks/trash", label: "Trash" },
];

/** The filters, each with its own URL. Only who is signed in has tasks of their own. */
export function Tabs({ current, isSignedIn }: { current: Show | "trash"; isSignedIn: boolean }) {
  return (
    <nav className="tabs" aria-label="Filter">
      {TABS.filter(({ name }) => isSignedIn || name !== "mine").map(({ name, to, label }) => (
        <Link key={name} to={to} aria-current={name === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
