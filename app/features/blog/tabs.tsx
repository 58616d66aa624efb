import { Link } from "@remix-run/react";
import type { PostState } from "#models/post.server";

const TABS: { name: PostState; to: string; label: string }[] = [
  { name: "published", to: "/posts", label: "Published" },
  { name: "scheduled", to: "/posts?show=scheduled", label: "Scheduled" },
  { name: "draft", to: "/posts?show=draft", label: "Drafts" },
];

/** What those who write look through, each with its own URL. */
export function Tabs({ current }: { current: PostState }) {
  return (
    <nav className="tabs" aria-label="Posts">
      {TABS.map(({ name, to, label }) => (
        <Link key={name} to={to} aria-current={name === current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
