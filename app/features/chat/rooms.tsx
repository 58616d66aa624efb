import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { NavLink, Outlet, useLoaderData, useParams } from "@remix-run/react";
import { useEffect } from "react";
import { type ListedRoom, Room } from "#models/room.server";
import { pageTitle } from "~/components/page-title";
import { useRefresh } from "~/components/use-refresh";
import { getUser } from "~/services/session.server";
import stylesheet from "./chat.css?url";

/** Milliseconds between two looks at what is new in other rooms. */
const LOOK = 30_000;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Chat");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  return { rooms: await Room.list(await getUser(request)) };
}

export default function Rooms() {
  const { rooms } = useLoaderData<typeof loader>();
  const { room } = useParams();
  const refresh = useRefresh();
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && refresh(), LOOK);
    return () => clearInterval(timer);
  }, [refresh]);
  return (
    <div className="chat">
      <nav className="rooms" aria-label="Rooms">
        {rooms.map((listed) => (
          <RoomLink key={listed.slug} room={listed} isHere={listed.slug === room} />
        ))}
      </nav>
      <Outlet />
    </div>
  );
}

function RoomLink({
  room: { slug, name, membersOnly, unread },
  isHere,
}: {
  room: ListedRoom;
  isHere: boolean;
}) {
  const count = isHere ? 0 : (unread ?? 0);
  return (
    <NavLink
      to={`/chat/${slug}`}
      aria-current={isHere ? "page" : undefined}
      className={count > 0 ? "news" : undefined}
    >
      <span>{name}</span>
      {membersOnly && <small>members</small>}
      {count > 0 && (
        <b>
          {count > 99 ? "99+" : count}
          <span className="visually-hidden"> unread</span>
        </b>
      )}
    </NavLink>
  );
}
