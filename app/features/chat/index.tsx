import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Room } from "#models/room.server";
import { getUser } from "~/services/session.server";

/** Leads into the room that one comes into by default. */
export async function loader({ request }: LoaderFunctionArgs) {
  const room = await Room.first(await getUser(request));
  if (room) throw redirect(`/chat/${room.slug}`);
  return null;
}

export default function NoRoom() {
  return (
    <section className="card">
      <header>
        <h1>Chat</h1>
      </header>
      <p className="empty">There is no room that you may enter. Staff add rooms in the admin.</p>
    </section>
  );
}
