import { Link } from "@remix-run/react";
import type { Show } from "#models/todo.server";

const TABS: { name: Show | "trash"; to: string; label: string }[] = [
  { name: "all", to: "/todos", label: "All" },
  { name: "active", to: "/todos?show=active", label: "Active" },
  { name: "completed", to: "/todos?show=completed", label: "Completed" },
  { name: "trash", to: "/todos/trash", label: "Trash" },
];

/** The filters, each with its own URL. */
export function Tabs({ current }: { current: Show | "trash" }) {
  return (
    <nav className="tabs" aria-label="Filter">
      {TABS.map(({ name, to, label }) => (
        <Link key={name} to={to} aria-current={name === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
