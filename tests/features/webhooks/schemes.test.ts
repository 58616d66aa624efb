import { sign } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { beforeEach, describe, expect, it } from "vitest";
import { Event } from "#models/webhook-event.server";
import { untimely } from "~/features/webhooks/judge.server";
import { set } from "../../helpers/settings";
import { deliver, seconds } from "./sender";

const GITHUB = "It's a Secret to Everybody";
const STRIPE = "whsec_stripe-secret";
const STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

beforeEach(() =>
  set({
    WEBHOOK_SECRETS: [
      { provider: "github", secret: GITHUB },
      { provider: "stripe", secret: STRIPE },
      { provider: "standard", secret: STANDARD },
    ],
  }),
);

const only = () => Event.findOne({ rejectOnEmpty: true });
const PUSH = '{"ref":"refs/heads/main","repository":{"full_name":"octo/repo"}}';
const CHARGE = '{"id":"evt_1","object":"event","type":"charge.succeeded","data":{"object":{"amount":1999}}}';
const CONTACT = '{"type":"contact.created","data":{"id":"1f81eb52"}}';

const github = async (body = PUSH, headers: Record<string, string> = {}, secret = GITHUB) =>
  deliver("github", body, {
    "X-Hub-Signature-256": await sign(secret, body),
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "X-GitHub-Event": "push",
    ...headers,
  });
const stripeHeader = (payload: string, options: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE, ...options });
const stripe = (body = CHARGE, header = stripeHeader(body)) =>
  deliver("stripe", body, { "Stripe-Signature": header });
const standardHeaders = (body: string, { id = "msg_1", at = new Date(), secret = STANDARD } = {}) => ({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(secret).sign(id, at, body),
});
const standard = (body = CONTACT, headers = standardHeaders(body)) => deliver("standard", body, headers);

describe("what GitHub's own library has signed", () => {
  it("is taken, with the id and the kind of its headers", async () => {
    expect(await github()).toBe("200 ok");
    expect(await only()).toMatchObject({
      eventId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      event: "push",
      signatureValid: true,
      secretTail: "body",
    });
  });
  it("is taken as a form, too, which GitHub offers", async () => {
    expect(await github(`payload=${encodeURIComponent(PUSH)}`)).toBe("200 ok");
  });
  it("is as in GitHub's documentation", async () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    expect(await github("Hello, World!", { "X-Hub-Signature-256": signature })).toBe("200 ok");
  });
  it("and comes again is a duplicate that is answered with 200", async () => {
    expect([await github(), await github()]).toEqual(["200 ok", "200 duplicate event"]);
    expect((await only()).duplicates).toBe(1);
  });
  it.each([
    ["by another secret", {}, "other"],
    ["without its prefix", { "X-Hub-Signature-256": "757107ea" }, GITHUB],
    ["by SHA-1 alone", { "X-Hub-Signature-256": "sha1=757107ea0eb2509fc211221cce984b8a37570b6d" }, GITHUB],
  ])("%s is refused", async (_, headers, secret) => {
    expect(await github(PUSH, headers, secret)).toBe("401 invalid signature");
  });
});

describe("what Stripe's own library has signed", () => {
  it("is taken, with the id and the type of its body", async () => {
    expect(await stripe()).toBe("200 ok");
    expect(await only()).toMatchObject({ eventId: "evt_1", event: "charge.succeeded", secretTail: "cret" });
  });
  it("by one of two secrets while they change is taken", async () => {
    const [, old] = stripeHeader(CHARGE, { secret: "whsec_old" }).split("v1=");
    expect(await stripe(CHARGE, `${stripeHeader(CHARGE).replace("v1=", `v1=${old},v1=`)},v0=0`)).toBe(
      "200 ok",
    );
  });
  it("and comes again is a duplicate that is answered with 200, since it retries until then", async () => {
    expect([await stripe(), await stripe()]).toEqual(["200 ok", "200 duplicate event"]);
  });
  it("under the same id with another body is refused and flagged", async () => {
    expect([await stripe(), await stripe(`${CHARGE} `)]).toEqual(["200 ok", "409 duplicate event"]);
    expect(await Event.count({ where: { refusal: "conflict" } })).toBe(1);
  });
  it("more than five minutes ago is refused, as by that library", async () => {
    const timestamp = Number(seconds(-301));
    const header = stripeHeader(CHARGE, { timestamp });
    expect(await stripe(CHARGE, header)).toBe("400 timestamp too old");
    expect(() => Stripe.webhooks.constructEvent(CHARGE, header, STRIPE)).toThrow("Timestamp outside");
  });
  it.each([
    ["without a time", (header: string) => header.replace(/t=\d+,/, "")],
    ["with another time", (header: string) => header.replace(/t=\d/, "t=2")],
    ["by an older scheme alone", (header: string) => header.replace("v1=", "v0=")],
    ["with an empty header", () => ""],
    ["with 4,000 commas", () => ",".repeat(4_000)],
  ])("%s is refused", async (_, spoil) => {
    expect(await stripe(CHARGE, spoil(stripeHeader(CHARGE)))).toBe("401 invalid signature");
  });
  it.each(["no JSON", "[]", '"text"', ""])(
    "with the body %j is a 400: it must be an object",
    async (body) => {
      expect(await stripe(body)).toBe("400 invalid JSON");
      expect(await only()).toMatchObject({ refusal: "not-json", signatureValid: true });
    },
  );
  it.each(['{"id":7,"type":{}}', '{"id":""}', "{}"])("with the body %j has no id", async (body) => {
    expect([await stripe(body), await stripe(body)]).toEqual(["200 ok", "200 ok"]);
  });
  it("with half a surrogate pair in its id is a 400, and kept with that reason", async () => {
    const body = '{"id":"\\ud800evt","type":"charge.succeeded"}';
    expect(await stripe(body)).toBe("400 invalid event id");
    expect(await only()).toMatchObject({ refusal: "bad-id", eventId: null, signatureValid: true });
    expect(await stripe('{"id":"\\ud83d\\ude00"}')).toBe("200 ok");
  });
});

describe("what the library of Standard Webhooks has signed", () => {
  it("is taken, with the id of its header and the type of its body", async () => {
    expect(await standard()).toBe("200 ok");
    expect(await only()).toMatchObject({ eventId: "msg_1", event: "contact.created" });
  });
  it("by one of several signatures is taken", async () => {
    const headers = standardHeaders(CONTACT);
    const several = `v1a,abc v1,AAAA ${headers["webhook-signature"]}`;
    expect(await standard(CONTACT, { ...headers, "webhook-signature": several })).toBe("200 ok");
  });
  it("and comes again is a duplicate that is answered with 200, since it is retried until then", async () => {
    expect([await standard(), await standard()]).toEqual(["200 ok", "200 duplicate event"]);
  });
  it.each([
    ["too old", -301, "400 timestamp too old"],
    ["too new", 310, "400 timestamp too far in the future"],
  ])("is refused when %s, as by that library", async (_, offset, answer) => {
    const headers = standardHeaders(CONTACT, { at: new Date(Date.now() + offset * 1000) });
    expect(await standard(CONTACT, headers)).toBe(answer);
    expect(() => new Webhook(STANDARD).verify(CONTACT, headers)).toThrow(/too (old|new)/);
  });
  it.each([
    ["another id", { "webhook-id": "msg_2" }],
    ["another time", { "webhook-timestamp": seconds(-1) }],
    ["no version", { "webhook-signature": "AAAA" }],
  ])("with %s is refused, as by that library", async (_, changed) => {
    const headers = { ...standardHeaders(CONTACT), ...changed };
    expect(await standard(CONTACT, headers)).toBe("401 invalid signature");
    expect(() => new Webhook(STANDARD).verify(CONTACT, headers)).toThrow();
  });
  it("is refused where the secret is no base64, and so no secret: nothing signs as it", async () => {
    set({ WEBHOOK_SECRETS: [{ provider: "standard", secret: "whsec_" }] });
    const headers = { ...standardHeaders(CONTACT), "webhook-signature": "v1," };
    expect(await standard(CONTACT, headers)).toBe("401 invalid signature");
  });
});

describe("a time", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  it.each([
    [-301, "too-old"],
    [-300, null],
    [0, null],
    [300, null],
    [301, "too-early"],
  ])("%i s from now is %s", (offset, expected) => {
    expect(untimely(String(now / 1000 + offset), now)).toBe(expected);
  });
});
