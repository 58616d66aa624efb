import type { LoaderFunctionArgs } from "@remix-run/node";
import { Post } from "#models/post.server";
import { SITE } from "~/features";
import { conditional } from "~/services/conditional.server";
import type { Handle } from "~/services/gate.server";
import { absolute } from "~/services/http.server";
import { toHtml } from "./markdown.server";
import { xml } from "./xml.server";

const MOST = 20;

export const handle: Handle = { public: true };

/** The newest posts as an Atom feed (RFC 4287). */
export async function loader({ request }: LoaderFunctionArgs) {
  const posts = await Post.feed(MOST);
  const site = absolute(request, "/posts");
  const { hostname } = new URL(site);
  const updated = posts.map(({ updatedAt, publishedAt }) => newest(updatedAt, publishedAt!));
  const feed = {
    "@xmlns": "http://www.w3.org/2005/Atom",
    "@xml:lang": "en",
    id: site,
    title: SITE,
    updated: newest(new Date(0), ...updated).toISOString(),
    link: [
      { "@rel": "self", "@type": "application/atom+xml", "@href": absolute(request, "/posts/feed.xml") },
      { "@rel": "alternate", "@type": "text/html", "@href": site },
    ],
    author: { name: SITE },
    entry: posts.map((post, index) => {
      const url = `${site}/${post.slug}`;
      return {
        // It stays when the slug changes (RFC 4287, 4.2.6; RFC 4151).
        id: `tag:${hostname},${post.createdAt.toISOString().slice(0, 10)}:post:${post.id}`,
        title: post.title,
        published: post.publishedAt!.toISOString(),
        updated: updated[index]!.toISOString(),
        link: { "@rel": "alternate", "@type": "text/html", "@href": url },
        ...(post.author && { author: { name: post.author } }),
        ...(post.summary && { summary: post.summary }),
        content: { "@type": "html", "#text": toHtml(post.content, url) },
      };
    }),
  };
  const headers = new Headers({
    "Content-Type": "application/atom+xml; charset=utf-8",
    "Cache-Control": "public, no-cache",
  });
  return conditional(request, xml({ feed }), { headers });
}

const newest = (...times: Date[]) => new Date(Math.max(...times.map((time) => time.getTime())));
