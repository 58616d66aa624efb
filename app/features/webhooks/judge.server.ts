/** Whether an event is taken. The signature comes first: of what it does not cover, nothing is looked into. */
import { createHash } from "node:crypto";
import type { Arrival } from "#models/webhook-arrival.server";
import { keep, keepUnread } from "#models/webhook-body.server";
import { eventName, isEventId } from "#models/webhook-event.server";
import { tailOf } from "#models/webhook-secret.server";
import type { Refusal } from "./refusals";
import { type Scheme, schemeOf, secretThatSigned } from "./schemes.server";
import { activeSecrets } from "./secrets.server";

/** Seconds that a timestamp may be away from now. */
const TOLERANCE = 300;
const LONGEST_IP = 45;
/** Headers that are nobody's business here, whoever sends them. */
const PRIVATE = ["authorization", "cookie", "proxy-authorization"];

export interface Delivery {
  provider: string;
  headers: Headers;
  body: Buffer;
  ip?: string;
}

/** Judges an event that has just come. Nothing is stored. */
export async function judge(delivery: Delivery): Promise<{ arrival: Arrival; scheme: Scheme }> {
  const { provider, headers, body, ip = "" } = delivery;
  const scheme = schemeOf(provider, headers);
  const signedWith = await secretOf(delivery, scheme);
  const came = {
    provider,
    size: body.length,
    digest: createHash("sha256").update(body).digest("hex"),
    headers: Object.fromEntries([...headers].filter(([name]) => !PRIVATE.includes(name))),
    ip: ip.slice(0, LONGEST_IP),
  };
  if (signedWith.secret === undefined) {
    const id = headers.get("X-Event-Id") ?? headers.get("X-GitHub-Delivery") ?? headers.get("Webhook-Id");
    const claimed = id && isEventId(id) ? id : null;
    const { refusal } = signedWith;
    const unproved = { eventId: claimed, event: null, signatureValid: false, secretTail: null };
    return { scheme, arrival: { ...came, ...unproved, refusal, body: keepUnread(body) } };
  }
  const { json, ...kept } = keep(body);
  const isObject = json !== undefined && !Array.isArray(json);
  const said = scheme.describe(headers, isObject ? (json as Record<string, unknown>) : {});
  const id = typeof said.id === "string" && said.id !== "" ? said.id : null;
  const refusal: Refusal | null =
    untimely(scheme.claim(headers).timestamp) ??
    (scheme.needsJson && !isObject ? "not-json" : null) ??
    (id !== null && !isEventId(id) ? "bad-id" : null);
  const arrival: Arrival = {
    ...came,
    eventId: id !== null && isEventId(id) ? id : null,
    event: eventName(said.event),
    signatureValid: true,
    secretTail: tailOf(signedWith.secret),
    refusal,
    body: kept,
  };
  return { arrival, scheme };
}

/** The secret that signed it; where none did, why. One that was entered a moment ago counts at once. */
async function secretOf(
  { provider, headers, body }: Delivery,
  scheme: Scheme,
): Promise<{ secret: string; refusal?: undefined } | { secret?: undefined; refusal: Refusal }> {
  if (!headers.has(scheme.header)) return { refusal: "no-signature" };
  const signed = (secrets: string[]) => secretThatSigned(scheme, headers, body, secrets);
  const secret = signed(await activeSecrets(provider, scheme));
  if (secret !== undefined) return { secret };
  const secrets = await activeSecrets(provider, scheme, true);
  const late = signed(secrets);
  if (late !== undefined) return { secret: late };
  if (secrets.length === 0) return { refusal: "no-secret" };
  return { refusal: scheme.claim(headers).signatures.length === 0 ? "no-signature" : "signature" };
}

/** What is wrong with a timestamp in Unix seconds; null where nothing is, or the scheme has none. */
export function untimely(timestamp: string | undefined, now = Date.now()): Refusal | null {
  if (timestamp === undefined) return null;
  if (!/^\d{1,15}$/.test(timestamp)) return "bad-timestamp";
  const age = now / 1000 - Number(timestamp);
  if (age > TOLERANCE) return "too-old";
  return age < -TOLERANCE ? "too-early" : null;
}
