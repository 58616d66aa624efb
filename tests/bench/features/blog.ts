import { seed } from "~/features/blog/feature.server";
import type { BenchPage, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "posts", path: "/posts", data: "small" },
  { name: "post", path: "/posts/hello-world", data: "small" },
  { name: "post-of-5k", path: "/posts/hello-world", data: "large" },
  { name: "posts-5k-page-500", path: "/posts?page=500", data: "large" },
  { name: "feed", path: "/posts/feed.xml", data: "small" },
];

/** 25 posts, and 5,000. */
export async function fill(data: DataSet) {
  await seed.run(data === "small" ? 25 : 5_000);
}
