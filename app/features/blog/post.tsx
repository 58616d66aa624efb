import { type LinksFunction, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { mayEdit, Post } from "#models/post.server";
import { picturesIn } from "#models/post-picture.server";
import { pageTitle } from "~/components/page-title";
import { SITE } from "~/features";
import type { Handle } from "~/services/gate.server";
import { absolute, notFound } from "~/services/http.server";
import { mediaUrl } from "~/services/media.server";
import { getUser } from "~/services/session.server";
import stylesheet from "./blog.css?url";
import { Byline } from "./byline";
import { excerptOf, toHtml } from "./markdown.server";

export const handle: Handle = { public: true };

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => {
  if (!data) return pageTitle(matches);
  const { title, summary, canonical, picture, publishedAt, updatedAt, author } = data;
  const graph = {
    "og:site_name": SITE,
    "og:type": "article",
    "og:title": title,
    "og:description": summary,
    "og:url": canonical,
    "og:image": picture,
    "article:published_time": publishedAt?.toISOString(),
    "article:modified_time": updatedAt.toISOString(),
    "article:author": author,
  };
  return [
    ...pageTitle(matches, title),
    { name: "description", content: summary },
    { tagName: "link", rel: "canonical", href: canonical },
    ...Object.entries(graph).flatMap(([property, content]) => (content ? [{ property, content }] : [])),
  ];
};

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: stylesheet },
  { rel: "alternate", type: "application/atom+xml", title: "Blog", href: "/posts/feed.xml" },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await getUser(request);
  const found = await Post.find(params.slug ?? "", user);
  if (!found) throw notFound();
  const { content, opening: _, authorId, ...post } = found;
  if (post.slug !== params.slug) {
    // A browser that kept it would go round in circles once the post takes its old slug back.
    const headers = { "Cache-Control": "no-cache" };
    throw redirect(`/posts/${post.slug}${new URL(request.url).search}`, { status: 301, headers });
  }
  const [picture] = picturesIn(content);
  return {
    ...post,
    summary: post.summary || excerptOf(content),
    html: toHtml(content),
    canonical: absolute(request, `/posts/${post.slug}`),
    picture: picture && absolute(request, mediaUrl(picture)),
    mayEdit: mayEdit(user, { authorId }),
  };
}

export default function BlogPost() {
  const post = useLoaderData<typeof loader>();
  const { title, slug, html, older, newer, mayEdit } = post;
  return (
    <article className="post">
      <header>
        <h1>{title}</h1>
        <Byline post={post} />
        {mayEdit && (
          <Link className="button" to={`/posts/${slug}/edit`}>
            Edit
          </Link>
        )}
      </header>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made by markdown-it, which lets no HTML through. */}
      <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />
      <nav className="beside" aria-label="More posts">
        {older && (
          <Link to={`/posts/${older.slug}`} rel="prev">
            <small>Older</small> {older.title}
          </Link>
        )}
        {newer && (
          <Link to={`/posts/${newer.slug}`} rel="next">
            <small>Newer</small> {newer.title}
          </Link>
        )}
        <Link to="/posts">All posts</Link>
      </nav>
    </article>
  );
}
