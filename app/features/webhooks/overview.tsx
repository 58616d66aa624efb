import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { z } from "zod";
import { prose } from "#models/rules";
import { Event } from "#models/webhook-event.server";
import { webhookProvider } from "#models/webhook-secret.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { requirePermission } from "~/services/auth.server";
import { contextOf } from "~/services/context.server";
import { redirectWithFlash } from "~/services/flash.server";
import { fieldProblem, invalid, readForm } from "~/services/forms.server";
import { absolute } from "~/services/http.server";
import { CopyButton } from "./copy-button";
import { action as receive } from "./receive";
import { signedHeaders } from "./schemes.server";
import { curl, newEventId, TRIED, testSecret } from "./try.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requirePermission(request, "view", "event");
  const secret = testSecret();
  const mayTry = user.can("add", "event");
  return {
    mayTry,
    isSet: secret !== undefined,
    address: absolute(request, "/webhooks/"),
    curl: mayTry && secret ? curl(request, secret) : null,
    tried: TRIED,
  };
}

const schema = z.object({
  provider: webhookProvider,
  body: prose({ name: "Body", max: 100_000 }),
  signature: z.enum(["right", "wrong"], "Choose a signature"),
});

/** Sends a test event: a request as any sender's, to the same endpoint. */
export async function action({ request }: ActionFunctionArgs) {
  await requirePermission(request, "add", "event");
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const secret = testSecret();
  if (!secret)
    return invalid(fieldProblem(form.typed, "", "No WEBHOOK_SECRET is set: there is nothing to sign with"));
  const { provider, signature } = form.value;
  const body = Buffer.from(form.value.body);
  const eventId = newEventId();
  const headers = signedHeaders(signature === "right" ? secret : `not ${secret}`, body, eventId);
  const sent = new Request(absolute(request, `/webhooks/${provider}/`), {
    method: "POST",
    headers,
    body: new Uint8Array(body),
  });
  const answer = await receive({ request: sent, params: { provider }, context: contextOf(request) });
  const text = `The receiver answered ${answer.status} ${await answer.text()}.`;
  const event = await Event.findOne({ attributes: ["id"], where: { eventId } });
  return redirectWithFlash(request, event ? `/webhooks/events/${event.id}` : "/webhooks", {
    kind: answer.ok ? "success" : "error",
    text,
  });
}

export default function Overview() {
  const { mayTry, isSet, address, curl, tried } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const isSending = useNavigation().formAction?.endsWith("index");
  return (
    <>
      <ErrorSummary problem={problem} />
      <section className="card" aria-labelledby="try">
        <header>
          <h2 id="try">Try it</h2>
        </header>
        <div className="pad">
          <p>
            Events are sent by POST to <code>{address}</code> and the name of the provider.
          </p>
          {!isSet && (
            <p className="note">
              No WEBHOOK_SECRET is set, so nothing is accepted but from providers that have secrets of their
              own. Set one in the environment or in .env and start the server again.
            </p>
          )}
          {mayTry && isSet && (
            <Form method="post" action="/webhooks?index" className="try" noValidate>
              <Field name="provider" label="Provider" problem={problem}>
                {(control) => (
                  <input
                    {...control}
                    defaultValue={control.defaultValue ?? tried.provider}
                    autoComplete="off"
                  />
                )}
              </Field>
              <Field name="signature" label="Signature" problem={problem}>
                {(control) => (
                  <select {...control}>
                    <option value="right">Right</option>
                    <option value="wrong">Wrong</option>
                  </select>
                )}
              </Field>
              <Field name="body" label="Body" problem={problem}>
                {(control) => (
                  <textarea
                    {...control}
                    rows={5}
                    defaultValue={control.defaultValue ?? tried.body}
                    spellCheck={false}
                  />
                )}
              </Field>
              <div className="actions">
                <button type="submit" className="button primary" disabled={isSending}>
                  Send test event
                </button>
              </div>
            </Form>
          )}
        </div>
      </section>
      {curl && (
        <section className="card" aria-labelledby="curl">
          <header>
            <h2 id="curl">From a terminal</h2>
            <span className="end">
              <CopyButton text={curl} />
            </span>
          </header>
          <p className="pad">Signed when this page was loaded: it is taken for five minutes, and once.</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
          <pre tabIndex={0} suppressHydrationWarning>
            {curl}
          </pre>
        </section>
      )}
    </>
  );
}
