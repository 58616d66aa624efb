import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { mayWrite, Post, type PostLine, type PostState } from "#models/post.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { Pagination } from "~/components/pagination";
import type { Handle } from "~/services/gate.server";
import { absolute } from "~/services/http.server";
import { paginate } from "~/services/paginate.server";
import { getUser } from "~/services/session.server";
import stylesheet from "./blog.css?url";
import { Byline } from "./byline";
import { excerptOf } from "./markdown.server";
import { PostTabs } from "./tabs";

const PER_PAGE = 10;

export const handle: Handle = { public: true };

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => [
  ...pageTitle(matches, data && data.page.number > 1 ? `Blog, page ${data.page.number}` : "Blog"),
  { name: "description", content: "Posts, the newest first." },
  ...(data ? [{ tagName: "link", rel: "canonical", href: data.canonical }] : []),
];

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: stylesheet },
  { rel: "alternate", type: "application/atom+xml", title: "Blog", href: "/posts/feed.xml" },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const user = await getUser(request);
  const writes = mayWrite(user);
  const show = writes ? stateIn(searchParams) : "published";
  const page = paginate(searchParams.get("page"), await Post.countOf(show, user), PER_PAGE);
  const posts = await Post.list(show, user, page);
  return {
    show,
    page,
    writes,
    mayAdd: Boolean(user?.can("add", "post")),
    canonical: absolute(request, page.number > 1 ? `/posts?page=${page.number}` : "/posts"),
    posts: posts.map(({ opening, ...post }) => ({ ...post, summary: post.summary || excerptOf(opening) })),
  };
}

function stateIn(params: URLSearchParams): PostState {
  const show = params.get("show");
  return show === "draft" || show === "scheduled" ? show : "published";
}

const CALLED = { published: "post", scheduled: "scheduled post", draft: "draft" };
const EMPTY = {
  published: "Nothing is published yet.",
  scheduled: "Nothing waits for its time.",
  draft: "There are no drafts.",
};

export default function Posts() {
  const { show, page, writes, mayAdd, posts } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>Blog</h1>
          <p>{counted(page.total, CALLED[show])}</p>
        </div>
        <div className="actions">
          <a className="button quiet" href="/posts/feed.xml">
            Feed
          </a>
          {mayAdd && (
            <Link className="button primary" to="/posts/new">
              Write a post
            </Link>
          )}
        </div>
      </div>
      {writes && <PostTabs current={show} />}
      <section className="card">
        {posts.length === 0 ? (
          <p className="empty">
            {EMPTY[show]}
            {mayAdd && " Write a post."}
          </p>
        ) : (
          <ol className="posts">
            {posts.map((post) => (
              <Line key={post.id} post={post} />
            ))}
          </ol>
        )}
        <Pagination page={page} />
      </section>
    </>
  );
}

function Line({ post }: { post: Omit<PostLine, "opening"> }) {
  return (
    <li>
      <h2>
        <Link to={`/posts/${post.slug}`}>{post.title}</Link>
      </h2>
      <Byline post={post} />
      {post.summary && <p>{post.summary}</p>}
    </li>
  );
}
