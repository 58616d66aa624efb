import type { LoaderFunctionArgs } from "@remix-run/node";
import { type InboxFilter, type InboxRow, inboxPage } from "#models/webhook-inbox.server";
import { requirePermission } from "~/services/auth.server";
import { csvResponse } from "~/services/csv.server";
import { filterOf, statesOf } from "./inbox.server";
import { titleOf } from "./refusals";
import { STATES } from "./view";

const HEAD = [
  "ID",
  "Received",
  "Provider",
  "Event",
  "Event id",
  "Result",
  "Processing",
  "Came again",
  "Bytes",
];
const BLOCK = 1_000;

/** Everything that the filters leave in the list, all pages of it. */
export async function loader(args: LoaderFunctionArgs) {
  const { request } = args;
  await requirePermission(request, "view", "event");
  const { filter } = await filterOf(new URL(request.url).searchParams);
  return csvResponse(args, "webhooks", HEAD, linesOf(filter));
}

async function* linesOf(filter: InboxFilter): AsyncGenerator<string[][], undefined> {
  for (let after: InboxRow | undefined, isMore = true; isMore; ) {
    const { rows, more } = await inboxPage(filter, { after }, BLOCK);
    const states = await statesOf(rows);
    yield rows.map(({ id, receivedAt, provider, event, eventId, refusal, duplicates, size }) => {
      const state = states.get(id);
      return [
        String(id),
        receivedAt.toISOString(),
        provider,
        event ?? "",
        eventId ?? "",
        refusal ? titleOf(refusal) : "Accepted",
        state ? STATES[state] : "",
        String(duplicates),
        String(size),
      ];
    });
    after = rows.at(-1);
    isMore = more;
  }
}
