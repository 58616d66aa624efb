import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Profile } from "#models/profile.server";
import { Avatar } from "~/components/avatar";
import { pageTitle } from "~/components/page-title";
import { notFound } from "~/services/http.server";
import { mediaUrl } from "~/services/media.server";
import { ownerOf } from "./owner.server";
import stylesheet from "./profile.css?url";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) => pageTitle(matches, data?.displayName);
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

/** Who has saved no profile is as unknown as who has no account. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const person = await Profile.ofUsername(params.username ?? "");
  if (!person) throw notFound();
  const { username, displayName, bio, avatar } = person;
  const isOwn = (await ownerOf(request)).username === username;
  return { username, displayName, bio, avatar: mediaUrl(avatar), isOwn };
}

export default function Person() {
  const { username, displayName, bio, avatar, isOwn } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head person">
        <Avatar name={displayName} url={avatar} size={96} />
        <div>
          <h1>{displayName}</h1>
          <p>{username}</p>
        </div>
        {isOwn && (
          <div className="actions">
            <Link className="button" to="/profile">
              Edit
            </Link>
          </div>
        )}
      </div>
      <section className="card narrow" aria-label="Bio">
        {bio ? <p className="pad bio">{bio}</p> : <p className="empty">Nothing more is told here.</p>}
      </section>
    </>
  );
}
