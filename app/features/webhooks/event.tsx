import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { keep } from "#models/webhook-body.server";
import { Event } from "#models/webhook-event.server";
import { counted } from "~/components/counted";
import { pageTitle } from "~/components/page-title";
import { RelativeTime } from "~/components/relative-time";
import { requirePermission } from "~/services/auth.server";
import { config } from "~/services/config.server";
import { idParam, notFound } from "~/services/http.server";
import { Body } from "./body-view";
import { Handling } from "./handling";
import { handlingOf } from "./inbox.server";
import { MOST_SHOWN, prettyJson } from "./pretty";
import { titleOf } from "./refusals";
import { queryWith } from "./view";
import { explain } from "./why.server";

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(matches, data ? `${data.event.event ?? "Webhook"} from ${data.event.provider}` : "Webhooks");

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requirePermission(request, "view", "event");
  const id = idParam(params.id);
  const row = await Event.findByPk(id, { attributes: { exclude: ["payload", "text", "bytes", "digest"] } });
  const body = (await Event.withBody(id))?.body ?? null;
  if (!row) throw notFound();
  const { headers, refusal, ...event } = row.get({ plain: true });
  const why = refusal && body && headers ? await explain({ ...event, refusal, headers, body }) : [];
  return {
    event: { ...event, refusal },
    why,
    handling: refusal ? [] : await handlingOf(row),
    headers: Object.entries(headers ?? {}),
    body: body && shown(body),
    days: config().WEBHOOK_DAYS,
    mayProcess: user.can("change", "event"),
  };
}

/** A body as a page can show it. */
function shown(body: Buffer) {
  const { payload, text, json } = keep(body);
  const raw = (payload ?? text ?? body.toString()).slice(0, MOST_SHOWN);
  return {
    raw,
    pretty: payload === null ? null : prettyJson(payload),
    isCut: body.length > MOST_SHOWN,
    note:
      payload !== null
        ? null
        : json
          ? "JSON that the database cannot look into: it is nested very deep, or holds NUL. It is kept as text."
          : text === null
            ? "Not UTF-8. What is not is shown as �; the file has the bytes."
            : "Not a JSON object or list: kept as text.",
  };
}

export default function EventPage() {
  const { event, why, handling, headers, body, days, mayProcess } = useLoaderData<typeof loader>();
  const { id, provider, refusal } = event;
  const [query] = useSearchParams();
  const list = queryWith(query);
  return (
    <>
      <p className="back">
        <Link to={`/webhooks${list}`}>All events</Link>
      </p>
      <section className="card" aria-labelledby="event">
        <header>
          <h2 id="event">{event.event ?? "(no event name)"}</h2>
          {refusal ? (
            <span className="badge bad">Refused</span>
          ) : (
            <span className="badge good">Accepted</span>
          )}
          {mayProcess && !refusal && body && (
            <Form
              method="post"
              action={`/webhooks/events/${id}/process${list}`}
              className="end"
              preventScrollReset
            >
              <button type="submit" className="button">
                Process again
              </button>
            </Form>
          )}
        </header>
        {refusal && (
          <div className="pad why">
            <p>
              <b>{titleOf(refusal)}.</b> {why.join(" ")}
            </p>
          </div>
        )}
        <dl className="facts">
          <dt>Provider</dt>
          <dd>{provider}</dd>
          <dt>Event id</dt>
          <dd>{event.eventId ?? "None, so repeats are not recognised"}</dd>
          <dt>Received</dt>
          <dd>
            <RelativeTime at={event.receivedAt} />{" "}
            <small>{event.receivedAt.toISOString().slice(0, 19).replace("T", " ")} UTC</small>
          </dd>
          <dt>Signature</dt>
          <dd>
            {event.signatureValid ? `Right, by the secret that ends with ${event.secretTail}` : "Not proved"}
          </dd>
          {event.duplicates > 0 && (
            <>
              <dt>Came again</dt>
              <dd>{event.duplicates === 1 ? "Once" : `${event.duplicates} times`}</dd>
            </>
          )}
          <dt>From</dt>
          <dd>{event.ip || "unknown"}</dd>
          <dt>Size</dt>
          <dd>{counted(event.size, "byte")}</dd>
        </dl>
      </section>
      {!refusal && <Handling handling={handling} />}
      {body ? <Body id={id} body={body} query={query} /> : <p>Body and headers are kept for {days} days.</p>}
      {headers.length > 0 && (
        <section className="card" aria-labelledby="headers">
          <header>
            <h2 id="headers">Headers</h2>
          </header>
          <dl className="facts headers">
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}
