/** Assignment 08: webhooks, sent as the tutorial's script sends them. */
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { site, superuser, tag } from "./site";

const EVENT = `evt-001-${tag}`;
const BODY = JSON.stringify({ event: "push", repo: "my-project" });

const now = () => Math.floor(Date.now() / 1000);
const sign = (body: string) => createHmac("sha256", site.webhookSecret).update(body).digest("hex");

/** Sends the event, or one that differs from it. @returns status and text of the answer. */
async function deliver(different: { id?: string; body?: string; signature?: string; timestamp?: number }) {
  const { id = EVENT, body = BODY, signature = sign(body), timestamp = now() } = different;
  const headers = {
    "Content-Type": "application/json",
    "X-Signature": signature,
    "X-Timestamp": String(timestamp),
    "X-Event-Id": id,
  };
  const answer = await fetch(new URL("/webhooks/github/", site.url), { method: "POST", headers, body });
  return [answer.status, await answer.text()];
}

/** What the inbox tells of the event with an id. */
async function kept(id: string) {
  const inbox = await superuser().open("/webhooks");
  return (await inbox.row(id).follow()).find("section[aria-labelledby=event]").text;
}

it("1. a right signature is accepted", async () => {
  expect(await deliver({})).toEqual([200, "ok"]);
  expect(await kept(EVENT)).toMatch(/^push ?Accepted/);
});
it("2. a wrong signature is refused, and the event is kept as one that is not proved", async () => {
  const id = `evt-002-${tag}`;
  expect(await deliver({ id, signature: sign("another body") })).toEqual([401, "invalid signature"]);
  expect(await kept(id)).toMatch(/Refused.*Wrong signature.*Not proved/);
  // It does not stand in the way of the genuine one.
  expect(await deliver({ id })).toEqual([200, "ok"]);
});
it("3. a timestamp older than 300 seconds is refused", async () => {
  const id = `evt-003-${tag}`;
  expect(await deliver({ id, timestamp: now() - 320 })).toEqual([400, "timestamp too old"]);
  expect(await deliver({ id, timestamp: now() - 280 })).toEqual([200, "ok"]);
});
it("4. the same event id again is a duplicate, also with another body", async () => {
  expect(await deliver({})).toEqual([409, "duplicate event"]);
  expect(await kept(EVENT)).toContain("Came again");
  expect(await deliver({ body: JSON.stringify({ event: "pull" }) })).toEqual([409, "duplicate event"]);
});
