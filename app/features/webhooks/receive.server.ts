/** Takes an event in: judged, stored together with its jobs, and only then answered. */
import type { Transaction } from "sequelize";
import { transaction } from "#models/database.server";
import { type Accepted, type Arrival, storeArrivals } from "#models/webhook-arrival.server";
import { inGroups } from "~/services/group-commit.server";
import { enqueueAll } from "~/services/jobs.server";
import { type Delivery, judge } from "./judge.server";
import { jobsOf, processWebhook } from "./process.server";
import { REFUSALS, type Refusal } from "./refusals";
import { declaredProviders } from "./schemes.server";

/** Commits of one disk write: as many as wait, within a size that does not keep the next ones waiting. */
const GROUP = { sizeOf: ({ size }: Arrival) => size, most: 64, bytes: 4_000_000, waiting: 64_000_000 };

const store = inGroups(
  (arrivals: Arrival[]) =>
    transaction((transaction) => storeArrivals(arrivals, declaredProviders, ask, transaction)),
  GROUP,
);

/** Asks for what is to be done with accepted events. */
const ask = (events: Accepted[], transaction: Transaction) =>
  enqueueAll(processWebhook, events.flatMap(jobsOf), { transaction });

/** @throws Overloaded when more waits than is good for the process. */
export async function receive(delivery: Delivery): Promise<{ status: number; text: string }> {
  const { arrival, scheme } = await judge(delivery);
  const reception = await store(arrival);
  if (reception === "duplicate")
    return { status: scheme.duplicatesAreFine ? 200 : 409, text: "duplicate event" };
  const refusal = reception === "conflict" ? "conflict" : (arrival.refusal as Refusal | null);
  if (!refusal) return { status: 200, text: "ok" };
  const { status, answer } = REFUSALS[refusal];
  return { status, text: answer };
}
