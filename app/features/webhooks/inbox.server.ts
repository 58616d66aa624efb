/** The inbox as its pages show it: events with how far each has come. */
import { Activity } from "#models/activity.server";
import type { CurrentUser } from "#models/current-user.server";
import { transaction } from "#models/database.server";
import { parseUtc } from "#models/rules";
import type { Event } from "#models/webhook-event.server";
import { type InboxFilter, type InboxRow, inboxPage, type Place } from "#models/webhook-inbox.server";
import { isProvider } from "#models/webhook-secret.server";
import { isId } from "~/services/http.server";
import { again, keysIn, standingOf } from "~/services/jobs.server";
import { subscriptions, subscriptionsTo } from "~/services/webhooks.server";
import { jobsOf, keyOf, processWebhook } from "./process.server";
import type { State } from "./view";

const PER_PAGE = 50;
/** Events whose processing waits or has failed that a filter looks at, the newest. */
const MOST_UNFINISHED = 5_000;
/** Events that one transaction has processed again: others are to get a turn. */
const AT_ONCE = 500;

type ListedEvent = InboxRow & { state: State | null };

/** The events that a query asks for, and where in the list. What it says that cannot be is passed over. */
export async function filterOf(query: URLSearchParams): Promise<{ filter: InboxFilter; place: Place }> {
  const validity = query.get("validity");
  const provider = query.get("provider")?.toLowerCase() ?? "";
  const id = (name: string) => (isId(query.get(name) ?? "") ? Number(query.get(name)) : undefined);
  return {
    filter: {
      provider: isProvider(provider) ? provider : null,
      validity: validity === "accepted" || validity === "refused" ? validity : null,
      from: parseUtc(query.get("from") ?? ""),
      to: parseUtc(query.get("to") ?? ""),
      words: query.get("q") ?? "",
      ...(await stateFilter(query.get("state"))),
    },
    place: { after: id("after"), before: id("before") },
  };
}

async function stateFilter(state: string | null): Promise<InboxFilter> {
  const ids = async (...states: Parameters<typeof keysIn>[1]) =>
    (await keysIn(processWebhook, states, MOST_UNFINISHED)).map((key) => Number.parseInt(key, 10));
  if (state === "waiting") return { among: await ids("queued", "running") };
  if (state === "failed") return { among: await ids("failed", "discarded") };
  if (state === "processed")
    return { validity: "accepted", except: await ids("queued", "running", "failed", "discarded") };
  return {};
}

/** A page of the inbox, with what tells whether it still shows what there is. */
export async function inboxOf(query: URLSearchParams, open?: number) {
  const { filter, place } = await filterOf(query);
  const { rows, more, searched } = await inboxPage(filter, place, PER_PAGE);
  const states = await statesOf(rows);
  const listed: ListedEvent[] = rows.map((row) => ({ ...row, state: states.get(row.id) ?? null }));
  const opened = open === undefined ? [] : await standingOf(processWebhook, keysOf(open));
  const version = [
    ...listed.map(({ id, state, duplicates }) => [id, state, duplicates]),
    ...opened.map(({ state, attempts }) => [state, attempts]),
  ].join(" ");
  return { rows: listed, more, searched, version, place, provider: filter.provider ?? null };
}

const keysOf = (id: number) => subscriptions().map(({ name }) => keyOf(id, name));

/** How far each event has come; refused ones have no state. */
export async function statesOf(
  events: Pick<InboxRow, "id" | "provider" | "event" | "refusal">[],
): Promise<Map<number, State>> {
  const accepted = events
    .filter(({ refusal }) => refusal === null)
    .map((event) => ({
      id: event.id,
      keys: jobsOf(event).map(({ key }) => key),
    }));
  const standing = await standingOf(
    processWebhook,
    accepted.flatMap(({ keys }) => keys),
  );
  const jobStates = new Map(standing.map(({ key, state }) => [key, state]));
  return new Map(
    accepted.map(({ id, keys }) => {
      const found = keys.map((key) => jobStates.get(key));
      if (keys.length === 0) return [id, "unhandled"];
      if (found.some((state) => state === "failed" || state === "discarded")) return [id, "failed"];
      return [id, found.some((state) => state === "queued" || state === "running") ? "waiting" : "processed"];
    }),
  );
}

/** What each subscription has made of an event. A job that was done long ago is not there any more. */
export async function handlingOf(event: { id: number; provider: string; event: string | null }) {
  const to = subscriptionsTo(event);
  const standing = await standingOf(
    processWebhook,
    to.map(({ name }) => keyOf(event.id, name)),
  );
  return to.map(({ name }) => {
    const job = standing.find(({ key }) => key === keyOf(event.id, name));
    const { state = "done", attempts = 0, errors = [], finishedAt = null } = job ?? {};
    return { name, state, attempts, errors, finishedAt };
  });
}

/** Has accepted events processed once more, by everything that hears of them now, and notes who wanted it. */
export async function processAgain(events: Event[], by: CurrentUser) {
  for (let start = 0; start < events.length; start += AT_ONCE) {
    const some = events.slice(start, start + AT_ONCE);
    await transaction(async (transaction) => {
      await again(processWebhook, some.flatMap(jobsOf), { transaction });
      await Activity.noteThat(some, "processing", "once more", by, transaction);
    });
  }
}
