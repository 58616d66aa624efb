import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useLocation } from "@remix-run/react";
import { useState } from "react";
import { z } from "zod";
import { contactEmail, contactText, contactTopic } from "#models/contact-message.server";
import { User } from "#models/user.server";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid, readForm } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { getUser } from "~/services/session.server";
import stylesheet from "./contact.css?url";
import { receive } from "./receive.server";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

/** Who cannot sign in must be able to say so. */
export const handle: Handle = { public: true };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Contact");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await getUser(request);
  const row = user && (await User.findByPk(user.id, { attributes: ["email"] }));
  return { email: row?.email ?? "", mayRead: Boolean(user?.isStaff && user.can("view", "message")) };
}

const schema = z.object({
  email: contactEmail,
  topic: contactTopic,
  message: contactText,
  homepage: z.string().default(""),
});

export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request, schema);
  if (form.problem) return invalid(form.problem);
  const { homepage: bait, ...message } = form.value;
  const reference = await receive(request, { ...message, bait });
  const text = `Message sent. Your reference is ${reference}.`;
  return redirectWithFlash(request, "/contact", { kind: "success", text });
}

export default function Contact() {
  const { email, mayRead } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const problem = answer?.problem;
  // What was sent is not to stand there still; what was refused is.
  const { key } = useLocation();
  const [fresh, setFresh] = useState(key);
  if (!answer && fresh !== key) setFresh(key);
  return (
    <>
      <div className="head">
        <div>
          <h1>Contact</h1>
          <p>Write to the team. Somebody reads every message, and answers by email.</p>
        </div>
        {mayRead && (
          <div className="actions">
            <Link className="button" to="/admin/contact/message">
              Read messages
            </Link>
          </div>
        )}
      </div>
      <ErrorSummary problem={problem} />
      <section className="card narrow">
        <Form key={fresh} method="post" className="pad" noValidate>
          <Field name="email" label="Email address" hint="We only use it to answer you" problem={problem}>
            {(control) => (
              <input
                {...control}
                type="email"
                defaultValue={control.defaultValue ?? email}
                autoComplete="email"
                spellCheck={false}
              />
            )}
          </Field>
          <Field name="topic" label="Topic" hint="Up to 100 characters" problem={problem}>
            {(control) => <input {...control} autoComplete="off" />}
          </Field>
          <Field name="message" label="Message" hint="Up to 2,000 characters" problem={problem}>
            {(control) => <textarea {...control} rows={8} />}
          </Field>
          <Bait />
          <div className="actions">
            <button type="submit" className="button primary">
              Send message
            </button>
          </div>
        </Form>
      </section>
    </>
  );
}

/** Programs fill it in; people neither see it nor come to it by the keyboard. */
const Bait = () => (
  <p className="aside" aria-hidden="true">
    <label htmlFor="homepage">Leave this empty</label>
    <input id="homepage" name="homepage" tabIndex={-1} autoComplete="off" />
  </p>
);
