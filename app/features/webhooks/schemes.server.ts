/** How providers sign. A new one is an entry of PROVIDERS. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a request claims, as its scheme reads it. Nothing of it is proved yet. */
interface Claim {
  /** Signatures as bytes; none where the header is missing or is no signature. */
  signatures: Buffer[];
  /** What is signed in front of the body. */
  prefix: string;
  /** Unix seconds as they were sent; undefined where the scheme has no time. */
  timestamp?: string;
}

export interface Scheme {
  title: string;
  /** The header that the signature is in. */
  header: string;
  claim(headers: Headers): Claim;
  /** The bytes of a secret. */
  key(secret: string): Buffer;
  /** What a proved event says of itself: `json` is its body, where that is an object or a list. */
  describe(headers: Headers, json: Record<string, unknown>): { id: unknown; event: unknown };
  /** What must be there is a JSON object. */
  needsJson: boolean;
  /** Its senders try again until they are answered with 2xx, or show an error: a duplicate is no error to them. */
  duplicatesAreFine: boolean;
}

const SHA256 = /^[0-9a-f]{64}$/;

const hex = (text: string | null | undefined) =>
  text && SHA256.test(text) ? [Buffer.from(text, "hex")] : [];

const utf8 = (secret: string) => Buffer.from(secret);

/** The tutorial's: HMAC-SHA256 of the body, in hex. */
const plain: Scheme = {
  title: "X-Signature",
  header: "X-Signature",
  claim: (headers) => ({
    signatures: hex(headers.get("X-Signature")),
    prefix: "",
    timestamp: headers.get("X-Timestamp") ?? "",
  }),
  key: utf8,
  describe: (headers, json) => ({ id: headers.get("X-Event-Id"), event: json.event }),
  needsJson: false,
  duplicatesAreFine: false,
};

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
const github: Scheme = {
  title: "GitHub",
  header: "X-Hub-Signature-256",
  claim: (headers) => ({
    signatures: hex(headers.get("X-Hub-Signature-256")?.match(/^sha256=(.*)$/)?.[1]),
    prefix: "",
  }),
  key: utf8,
  describe: (headers) => ({ id: headers.get("X-GitHub-Delivery"), event: headers.get("X-GitHub-Event") }),
  needsJson: false,
  duplicatesAreFine: true,
};

/** https://docs.stripe.com/webhooks#verify-manually */
const stripe: Scheme = {
  title: "Stripe",
  header: "Stripe-Signature",
  claim(headers) {
    const parts = (headers.get("Stripe-Signature") ?? "").split(",").map((part) => part.split("="));
    const timestamp = parts.find(([name]) => name === "t")?.[1] ?? "";
    const signatures = parts.filter(([name]) => name === "v1").flatMap(([, value]) => hex(value));
    return { signatures, prefix: `${timestamp}.`, timestamp };
  },
  key: utf8,
  describe: (_headers, json) => ({ id: json.id, event: json.type }),
  needsJson: true,
  duplicatesAreFine: true,
};

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const standard: Scheme = {
  title: "Standard Webhooks",
  header: "Webhook-Signature",
  claim(headers) {
    const timestamp = headers.get("Webhook-Timestamp") ?? "";
    const listed = (headers.get("Webhook-Signature") ?? "").split(" ").map((part) => part.split(","));
    const signatures = listed
      .filter(([version]) => version === "v1")
      .map(([, value = ""]) => Buffer.from(value, "base64"));
    return { signatures, prefix: `${headers.get("Webhook-Id") ?? ""}.${timestamp}.`, timestamp };
  },
  key: (secret) => Buffer.from(secret.replace(/^whsec_/, ""), "base64"),
  describe: (headers, json) => ({ id: headers.get("Webhook-Id"), event: json.type }),
  needsJson: true,
  duplicatesAreFine: true,
};

/** What providers sign by beside the tutorial's scheme, which all may. */
const PROVIDERS: Record<string, Scheme> = { github, stripe, standard };

/** Those that have an entry. */
export const declaredProviders = Object.keys(PROVIDERS);

const own = (provider: string) => (Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider]! : plain);

/** Whether a scheme is the one that WEBHOOK_SECRET is for. */
export const isPlain = (scheme: Scheme) => scheme === plain;

/**
 * Whether a provider's own secrets count for a scheme. One scheme each: what is signed by one, taken for a body of the
 * other, would have a signature that fits.
 */
export const takesOwnSecrets = (provider: string, scheme: Scheme) => scheme === own(provider);

/** The scheme by which a request is signed: its provider's own, or the plain one where only that header is there. */
export function schemeOf(provider: string, headers: Headers): Scheme {
  const scheme = own(provider);
  return !headers.has(scheme.header) && headers.has(plain.header) ? plain : scheme;
}

/** The signature of a body. */
const signatureOf = (key: Buffer, prefix: string, body: Buffer) =>
  createHmac("sha256", key).update(prefix).update(body).digest();

/** The first of the secrets that one of the claimed signatures was made with. */
export function secretThatSigned(
  { claim, key }: Scheme,
  headers: Headers,
  body: Buffer,
  secrets: readonly string[],
): string | undefined {
  const { signatures, prefix } = claim(headers);
  return secrets.find((secret) => {
    const bytes = key(secret);
    // What anybody can sign with proves nothing.
    if (bytes.length === 0) return false;
    const expected = signatureOf(bytes, prefix, body);
    return signatures.some(
      (signature) => signature.length === expected.length && timingSafeEqual(signature, expected),
    );
  });
}

/** The headers of an event that is signed by the plain scheme, now. */
export const signedHeaders = (secret: string, body: Buffer, id: string, now = Date.now()) => ({
  "Content-Type": "application/json",
  "X-Signature": signatureOf(utf8(secret), "", body).toString("hex"),
  "X-Timestamp": String(Math.floor(now / 1000)),
  "X-Event-Id": id,
});
