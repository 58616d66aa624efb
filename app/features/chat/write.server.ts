/** The form in which a message is written: who says it, what it may hold, and what became of it. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { ANONYMOUS, messageText, nameOf } from "#models/chat-message.server";
import type { RoomView } from "#models/room.server";
import type { Problem } from "~/components/problem";
import { fieldProblem, readForm } from "~/services/forms.server";
import { Overloaded } from "~/services/group-commit.server";
import { notFound } from "~/services/http.server";
import { getUser } from "~/services/session.server";
import { networkOf } from "~/services/throttle.server";
import { guestName } from "./guest.server";
import { ofAddress, post } from "./post.server";

const schema = z.object({
  text: messageText,
  name: z.string("Name must be text").optional(),
  client_id: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .optional()
    .catch(undefined),
});

/** Reads the form and says what it holds: the message's number and the name to keep, or the problem to answer with. */
export async function write(
  request: Request,
  room: RoomView,
): Promise<{ problem: Problem; status: number } | { problem?: undefined; seq: number; name: string | null }> {
  const form = await readForm(request, schema);
  if (form.problem) return { problem: form.problem, status: 422 };
  const refusal = (message: string, status: number) => ({
    problem: fieldProblem(form.typed, "text", message),
    status,
  });
  const wait = await ofAddress.take(networkOf(request));
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1_000);
    return refusal(
      `That is too fast. Wait ${seconds === 1 ? "a second" : `${seconds} seconds`} and send it again`,
      429,
    );
  }
  const user = await getUser(request);
  const typed = form.value.name === undefined ? await guestName(request) : nameOf(form.value.name);
  const sender = user
    ? { userId: user.id, name: nameOf(user.name) }
    : { userId: null, name: typed ?? ANONYMOUS };
  const { text, client_id: clientId = null } = form.value;
  const said = { roomId: room.id, sender, text };
  try {
    let outcome = await post({ ...said, clientId });
    // The form was sent before, and what is in it has been changed since: that is another message.
    if (outcome.kind === "conflict") outcome = await post({ ...said, clientId: randomUUID() });
    if (outcome.kind === "missing" || outcome.kind === "conflict") throw notFound();
    return { seq: outcome.message.seq, name: user || sender.name === ANONYMOUS ? null : sender.name };
  } catch (error) {
    if (error instanceof Overloaded) return refusal("Too much is being written just now. Send it again", 503);
    throw error;
  }
}
