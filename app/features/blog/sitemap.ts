import type { LoaderFunctionArgs } from "@remix-run/node";
import { Post } from "#models/post.server";
import { conditional } from "~/services/conditional.server";
import type { Handle } from "~/services/gate.server";
import { absolute } from "~/services/http.server";
import { xml } from "./xml.server";

/** What one sitemap may hold (sitemaps.org). */
const MOST = 50_000;

export const handle: Handle = { public: true };

/** Where every public post is, for search engines (sitemaps.org). */
export async function loader({ request }: LoaderFunctionArgs) {
  const posts = await Post.sitemap(MOST - 1);
  const url = [
    { loc: absolute(request, "/posts") },
    ...posts.map(({ slug, updatedAt }) => ({
      loc: absolute(request, `/posts/${slug}`),
      lastmod: updatedAt.toISOString(),
    })),
  ];
  const urlset = { "@xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9", url };
  const headers = new Headers({
    "Content-Type": "application/xml; charset=utf-8",
    "Cache-Control": "public, no-cache",
  });
  return conditional(request, xml({ urlset }), { headers });
}
