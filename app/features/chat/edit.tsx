import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { z } from "zod";
import { ChatMessage, messageText } from "#models/chat-message.server";
import { Room } from "#models/room.server";
import { Confirm } from "~/components/confirm";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { requireUser } from "~/services/auth.server";
import { redirectWithFlash } from "~/services/flash.server";
import { checkFields, invalid, readFields } from "~/services/forms.server";
import { idParam, notFound, safeRedirect } from "~/services/http.server";
import { tellChange } from "./post.server";
import { placeOf } from "./said";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Edit a message · Chat");

/** The message of a URL, for who has said it or may delete anybody's. @throws the login, or 404. */
async function messageOf({ request, params }: Pick<LoaderFunctionArgs, "request" | "params">) {
  const user = await requireUser(request);
  const room = await Room.find(params.room ?? "", user);
  const message = room && (await ChatMessage.find(room.id, idParam(params.seq)));
  const isOwn = message?.userId === user.id;
  const moderates = user.can("delete", "chat_message");
  if (!message || !(isOwn || moderates)) throw notFound();
  return { user, room, message, isOwn, moderates };
}

export async function loader(args: LoaderFunctionArgs) {
  const { room, message, isOwn } = await messageOf(args);
  const { seq, name, text } = message;
  return {
    room: { slug: room.slug, name: room.name },
    seq,
    name,
    text,
    isOwn,
    back: placeOf(room.slug, seq),
  };
}

const schema = z.object({ text: messageText });

export async function action(args: ActionFunctionArgs) {
  const { user, room, message, moderates } = await messageOf(args);
  const { seq } = message;
  const fields = await readFields(args.request);
  if (fields.get("intent") === "delete") {
    const left = await ChatMessage.remove(room.id, seq, user, moderates);
    if (left) tellChange(room.id, left);
    const text = "Deleted the message.";
    return redirectWithFlash(args.request, `/chat/${room.slug}`, { kind: "success", text });
  }
  const form = await checkFields(fields, schema);
  if (form.problem) return invalid(form.problem);
  const changed = await ChatMessage.edit(room.id, seq, form.value.text, user);
  if (!changed) throw notFound();
  tellChange(room.id, changed);
  return safeRedirect(placeOf(room.slug, seq));
}

export default function EditMessage() {
  const { room, name, text, isOwn, back } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const isBusy = useNavigation().state !== "idle";
  return (
    <section className="card">
      <header>
        <h1>{isOwn ? "Edit your message" : `A message from ${name}`}</h1>
        <p>{room.name}</p>
      </header>
      <div className="pad">
        <ErrorSummary problem={problem} />
        <Form method="post" className="pad-form" noValidate>
          {isOwn ? (
            <Field name="text" label="Message" problem={problem}>
              {(control) => <textarea {...control} rows={5} defaultValue={control.defaultValue ?? text} />}
            </Field>
          ) : (
            <blockquote>{text}</blockquote>
          )}
          <div className="actions">
            {isOwn && (
              <button type="submit" className="button primary" disabled={isBusy}>
                Save
              </button>
            )}
            <Link to={back} className="button">
              Cancel
            </Link>
            <Confirm label="Delete">
              <button type="submit" name="intent" value="delete" className="button danger" disabled={isBusy}>
                Delete it for everybody
              </button>
            </Confirm>
          </div>
        </Form>
      </div>
    </section>
  );
}
