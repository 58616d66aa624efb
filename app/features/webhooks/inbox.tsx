import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, Outlet, useLoaderData, useParams, useSearchParams } from "@remix-run/react";
import { Hour } from "#models/webhook-hour.server";
import { pageTitle } from "~/components/page-title";
import { useLive } from "~/components/use-live";
import { requirePermission } from "~/services/auth.server";
import { isId } from "~/services/http.server";
import { EventList } from "./event-list";
import { Filters } from "./filters";
import { HourlyChart } from "./hourly-chart";
import { inboxOf } from "./inbox.server";
import { ProcessAll } from "./process-all-form";
import { declaredProviders } from "./schemes.server";
import { isFiltered, isLive, queryWith } from "./view";
import stylesheet from "./webhooks.css?url";

const HOURS = 24;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Webhooks");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requirePermission(request, "view", "event");
  const { searchParams } = new URL(request.url);
  const open = isId(params.id ?? "") ? Number(params.id) : undefined;
  const seen = await Hour.providers();
  const listed = await inboxOf(searchParams, open);
  return {
    ...listed,
    bars: await Hour.last(HOURS, listed.provider),
    providers: [...new Set([...declaredProviders, ...seen])].sort(),
    mayProcess: user.can("change", "event"),
  };
}

export default function Inbox() {
  const { rows, more, searched, version, place, bars, providers, mayProcess } =
    useLoaderData<typeof loader>();
  const { id } = useParams();
  const [query] = useSearchParams();
  const path = `/webhooks/events/live${queryWith(query, { open: id ?? null })}`;
  useLive(isLive(query) ? path : null, version);
  return (
    <>
      <div className="head">
        <div>
          <h1>Webhooks</h1>
          <p>What other systems have sent, the newest first</p>
        </div>
      </div>
      <div className={id ? "inbox open" : "inbox"}>
        <section className="inbox-list" aria-label="Events">
          <section className="card">
            <HourlyChart bars={bars} query={query} />
          </section>
          <section className="card">
            <Filters query={query} providers={providers} />
            {searched && (
              <p className="note">
                The search went back to {searched.toISOString().slice(0, 16).replace("T", " ")} UTC, through
                the newest 100,000 events.
              </p>
            )}
            <EventList
              rows={rows}
              query={query}
              empty={
                isFiltered(query)
                  ? "No event matches. Take a filter away."
                  : "Nothing has come yet. “Try it” says how to send an event."
              }
            />
            <Places rows={rows} more={more} place={place} query={query} />
            {mayProcess && rows.length > 0 && <ProcessAll query={query} />}
          </section>
        </section>
        <div className="inbox-event">
          <Outlet />
        </div>
      </div>
    </>
  );
}

/** Lists of millions are not counted: one goes on from where one is. */
function Places({
  rows,
  more,
  place: { after, before },
  query,
}: Pick<ReturnType<typeof useLoaderData<typeof loader>>, "rows" | "more" | "place"> & {
  query: URLSearchParams;
}) {
  const [first, last] = [rows[0], rows.at(-1)];
  const isNewer = before ? more : after;
  const isOlder = before ? true : more;
  if (!first || !last || (!isNewer && !isOlder)) return null;
  const to = (change: Record<string, string | null>) =>
    `/webhooks${queryWith(query, { after: null, before: null, ...change })}`;
  return (
    <nav className="pages" aria-label="Pages">
      {isNewer && (
        <>
          <Link to={to({})}>Newest</Link>
          <Link to={to({ before: String(first.id) })} rel="prev">
            Newer
          </Link>
        </>
      )}
      {isOlder && (
        <Link to={to({ after: String(last.id) })} rel="next">
          Older
        </Link>
      )}
    </nav>
  );
}
