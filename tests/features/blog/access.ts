import { type AccessRow, everybody, nobody, signedIn } from "../../helpers/access";

const path = { path: "/posts/hello-world" };
/** Only who may write; staff and others are told so. */
const writers = { ...signedIn, user: "forbidden", staff: "forbidden" } as const;
/** A post that one may not change is not found there. */
const editors = { ...signedIn, user: "hidden", staff: "hidden" } as const;

export const access: AccessRow[] = [
  { url: "GET /posts", verdicts: everybody, public: true },
  { url: "GET /posts/new", verdicts: writers },
  { url: "POST /posts/new", verdicts: writers },
  { url: "GET /posts/feed.xml", verdicts: everybody, public: true },
  { url: "GET /posts/:slug", verdicts: everybody, public: true, ...path },
  { url: "GET /posts/:slug/edit", verdicts: editors, path: "/posts/hello-world/edit" },
  { url: "POST /posts/:slug/edit", verdicts: editors, path: "/posts/hello-world/edit" },
  { url: "GET /media/posts/:name", verdicts: nobody, public: true },
  { url: "GET /sitemap.xml", verdicts: everybody, public: true },
];
