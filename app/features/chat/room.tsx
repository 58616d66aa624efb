import { randomUUID } from "node:crypto";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useParams, useSearchParams } from "@remix-run/react";
import { ChatMessage } from "#models/chat-message.server";
import { Room } from "#models/room.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { invalid } from "~/services/forms.server";
import { isId, LARGEST_ID, notFound, safeRedirect } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { Composer, useWriting } from "./composer";
import { Conversation } from "./conversation";
import { guestName, keepName } from "./guest.server";
import { saidOf } from "./post.server";
import { PAGE } from "./said";
import { useLine } from "./use-line";
import { write } from "./write.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data ? `${data.room.name} · Chat` : "Chat");

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await getUser(request);
  const room = await Room.find(params.room ?? "", user);
  if (!room) throw notFound();
  const { searchParams } = new URL(request.url);
  const asked = searchParams.get("before") ?? "";
  const before = isId(asked) ? Number(asked) : LARGEST_ID;
  const said = (await ChatMessage.before(room.id, before, PAGE)).map(saidOf);
  const last = said.at(-1)?.seq ?? 0;
  const isNewest = before > room.lastSeq;
  const readTo = user ? await Room.readTo(room.id, user.id) : null;
  if (user && isNewest && last > (readTo ?? -1))
    await Room.markRead([{ roomId: room.id, userId: user.id, seq: last }]);
  const { slug, name, topic, membersOnly, lastSeq } = room;
  return {
    room: { slug, name, topic, membersOnly, lastSeq },
    said,
    isNewest,
    readTo,
    me: { user: user?.id ?? null, name: user ? user.name : await guestName(request) },
    moderates: Boolean(user?.can("delete", "chat_message")),
    now: new Date().toISOString(),
    clientId: randomUUID(),
    // Not while one writes, or reads what was said before.
    refresh: isNewest && !searchParams.has("write") ? `20; url=/chat/${slug}` : null,
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const room = await Room.find(params.room ?? "", await getUser(request));
  if (!room) throw notFound();
  const written = await write(request, room);
  if (written.problem) return invalid(written.problem, written.status);
  const headers = written.name ? { "Set-Cookie": await keepName(request, written.name) } : undefined;
  return safeRedirect(`/chat/${room.slug}#m${written.seq}`, { headers });
}

/** Another room, another place in it, or another person begins anew. */
export default function RoomPage() {
  const { me } = useLoaderData<typeof loader>();
  const { room } = useParams();
  const [query] = useSearchParams();
  return <Here key={`${room} ${query.get("before")} ${me.user ?? "guest"}`} />;
}

function Here() {
  const data = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const line = useLine(data);
  const writing = useWriting(useActionData<typeof action>()?.problem);
  const { room, me, clientId, isNewest } = data;
  const isWriting = query.has("write");
  return (
    <section className="card room" aria-labelledby="room">
      <header>
        <h1 id="room">{room.name}</h1>
        {room.membersOnly && <span className="badge">Members only</span>}
        <p>{room.topic}</p>
        <small role="status" aria-live="polite" className={line.isConnected ? "line connected" : "line"}>
          {line.status}
        </small>
        <noscript>
          <a href={`/chat/${room.slug}`}>Refresh</a>
        </noscript>
      </header>
      <Conversation data={data} line={line} />
      <ErrorSummary problem={writing.problem} />
      <Composer
        slug={room.slug}
        me={me}
        clientId={clientId}
        writing={writing}
        isWriting={isWriting || writing.problem !== undefined}
        say={isNewest ? line.say : undefined}
      />
    </section>
  );
}
