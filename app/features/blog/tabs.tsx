import type { PostState } from "#models/post.server";
import { type Tab, Tabs } from "~/components/tabs";

const TABS: Tab<PostState>[] = [
  { name: "published", to: "/posts", label: "Published" },
  { name: "scheduled", to: "/posts?show=scheduled", label: "Scheduled" },
  { name: "draft", to: "/posts?show=draft", label: "Drafts" },
];

/** What those who write look through. */
export const PostTabs = ({ current }: { current: PostState }) => (
  <Tabs label="Posts" tabs={TABS} current={current} />
);
