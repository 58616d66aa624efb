/** Explains a refusal to staff, from what was kept of it: when somebody looks, not when it came. Senders learn nothing of it. */
import { gunzipSync } from "node:zlib";
import { keep } from "#models/webhook-body.server";
import { tailOf } from "#models/webhook-secret.server";
import { counted } from "~/components/counted";
import type { Refusal } from "./refusals";
import { isPlain, type Scheme, schemeOf, secretThatSigned } from "./schemes.server";
import { activeSecrets, retiredSecrets } from "./secrets.server";

interface Refused {
  provider: string;
  refusal: string;
  eventId: string | null;
  headers: Record<string, string>;
  body: Buffer;
  receivedAt: Date;
}

const MILLISECONDS_FROM = 100_000_000_000;
const LARGEST_BODY = 1_000_000;

/** What staff are told of a refusal, in sentences; none where nothing more is known. */
export async function explain(event: Refused): Promise<string[]> {
  const headers = new Headers(event.headers);
  const scheme = schemeOf(event.provider, headers);
  const about: Partial<Record<Refusal, () => Promise<string[]> | string[]>> = {
    "no-secret": () => [whereSecretsAre(event.provider, scheme)],
    "no-signature": async () => [
      aboutHeader(scheme, headers),
      ...(await aboutSignature(event, scheme, headers)),
    ],
    signature: () => aboutSignature(event, scheme, headers),
    "bad-timestamp": () => aboutTimestamp(event, scheme, headers),
    "too-old": () => aboutTimestamp(event, scheme, headers),
    "too-early": () => aboutTimestamp(event, scheme, headers),
    "bad-id": () => [
      "An event id has up to 255 characters, no control characters and no half of a surrogate pair.",
    ],
    "not-json": () => [
      `${scheme.title} sends JSON objects. The signature was right, so this is what was sent.`,
    ],
    conflict: () => [
      `An event with the id ${event.eventId} was accepted before, with another body. The signature of this one is right: the sender has used the id twice, or changed the event.`,
    ],
  };
  return (await about[event.refusal as Refusal]?.()) ?? [];
}

const whereSecretsAre = (provider: string, scheme: Scheme) =>
  isPlain(scheme)
    ? `Set WEBHOOK_SECRET, or enter a secret for ${provider} in the admin. Until then nothing signed in ${scheme.header} is accepted.`
    : `Enter a secret for ${provider} in the admin, or set WEBHOOK_SECRETS. Until then nothing from ${scheme.title} is accepted.`;

function aboutHeader(scheme: Scheme, headers: Headers): string {
  const { header } = scheme;
  const value = headers.get(header);
  if (value === null)
    return `The header ${header} is missing${isPlain(scheme) ? "" : ", and so is X-Signature"}.`;
  if (value === "") return `The header ${header} is empty.`;
  return `The header ${header} holds no signature of the form that is asked for.`;
}

function aboutTimestamp({ receivedAt }: Refused, scheme: Scheme, headers: Headers): string[] {
  const { timestamp = "" } = scheme.claim(headers);
  if (timestamp === "") return ["The timestamp is missing. It is asked for in Unix seconds."];
  if (!/^\d+$/.test(timestamp))
    return [`The timestamp is ${JSON.stringify(timestamp.slice(0, 40))}. It is asked for in Unix seconds.`];
  const age = Math.round(receivedAt.getTime() / 1000 - Number(timestamp));
  if (Number(timestamp) > MILLISECONDS_FROM)
    return ["The timestamp looks like milliseconds. It is asked for in seconds."];
  if (age > 0)
    return [
      `The timestamp was ${counted(age, "second")} old; 300 are allowed. It was held up on its way, is sent again as it was, or the sender's clock is slow.`,
    ];
  return [`The timestamp was ${counted(-age, "second")} ahead; 300 are allowed. The sender's clock is fast.`];
}

/** Looks for what would make the signature right: another secret, another spelling, the body before somebody changed it. */
async function aboutSignature(
  { provider, headers: kept, body }: Refused,
  scheme: Scheme,
  headers: Headers,
): Promise<string[]> {
  const active = await activeSecrets(provider, scheme, true);
  const retired = await retiredSecrets(provider, scheme);
  const signedBy = (secrets: string[], of = body, by = headers) => secretThatSigned(scheme, by, of, secrets);
  const now = signedBy(active);
  if (now)
    return [
      `The signature matches the secret that ends with ${tailOf(now)}, which has been added since. Have it sent again.`,
    ];
  const previous = signedBy(retired);
  if (previous)
    return [
      `The signature matches the previous secret, which ends with ${tailOf(previous)} and is not active any more.`,
    ];
  for (const [words, by] of respelled(scheme, headers))
    if (signedBy(active, body, by)) return [`The signature is right but ${words}.`];
  for (const [words, of] of variants(body, kept["content-encoding"]))
    if (signedBy(active, of)) return [words];
  return [
    `The signature matches no secret of ${provider}. Compare the last characters of the secret on both sides: here ${active.map((secret) => `…${tailOf(secret)}`).join(", ") || "is none"}.`,
  ];
}

/** The signature as other systems spell it. */
function respelled({ header }: Scheme, headers: Headers): [words: string, headers: Headers][] {
  const value = headers.get(header) ?? "";
  const spelled = (text: string) => {
    const changed = new Headers(headers);
    changed.set(header, text);
    return changed;
  };
  const [first = ""] = value.split(",");
  return [
    ["written in upper case; send it in lower case", spelled(value.toLowerCase())],
    ["has the prefix sha256=; send it without", spelled(value.replace(/^sha256=/i, "").toLowerCase())],
    ["lacks the prefix sha256=", spelled(`sha256=${value}`)],
    ["was sent twice", spelled(first.trim())],
    ["is in Base64; send it in hexadecimal", spelled(Buffer.from(value, "base64").toString("hex"))],
  ];
}

/** What the body may have been before somebody on its way changed it. */
function* variants(body: Buffer, encoding?: string): Generator<[words: string, body: Buffer]> {
  const text = body.toString();
  const proxy = "a proxy or a framework in between changes the body";
  // What is nested too deep to be looked into would overflow whatever writes it anew.
  const { payload } = keep(body);
  if (payload !== null) {
    const compact = JSON.stringify(JSON.parse(payload));
    for (const serialised of [compact, spaced(compact)])
      yield [`It would match if the JSON were serialised anew: ${proxy}.`, Buffer.from(serialised)];
  }
  yield [
    `It would match without the line end behind the body: ${proxy}.`,
    Buffer.from(text.replace(/\r?\n$/, "")),
  ];
  yield [`It would match with a line end behind the body: ${proxy}.`, Buffer.from(`${text}\n`)];
  yield [`It would match with other line ends: ${proxy}.`, Buffer.from(text.replaceAll("\r\n", "\n"))];
  if (encoding === "gzip") {
    try {
      const plain = gunzipSync(body, { maxOutputLength: LARGEST_BODY });
      yield ["It would match if the body were unpacked: sign what is sent, which is gzip.", plain];
    } catch {
      // It is no gzip, or too much of it.
    }
  }
}

/** Compact JSON with spaces after commas and colons, as Python writes it. */
function spaced(compact: string): string {
  return compact.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|[,:]/g, (token) =>
    token.length === 1 ? `${token} ` : token,
  );
}
