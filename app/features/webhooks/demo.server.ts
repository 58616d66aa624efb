/** Demo events for `manage seed`: signed as their providers would, and refused ones. */
import { createHash } from "node:crypto";
import { keep } from "#models/webhook-body.server";
import { pick } from "~/services/demo.server";
import type { Refusal } from "./refusals";

const REPOSITORIES = ["harbour/website", "harbour/stock", "harbour/print-server"];
const PEOPLE = ["mary", "juergen", "chiamaka", "li-wei", "sofia"];
const AMOUNTS = [1_999, 4_500, 12_000, 250, 89_90];

const KINDS: ((n: number) => { provider: string; event: string; json: object })[] = [
  (n) => ({
    provider: "github",
    event: "push",
    json: {
      ref: "refs/heads/main",
      repository: { full_name: pick(REPOSITORIES, n) },
      pusher: { name: pick(PEOPLE, n) },
      commits: [
        { id: createHash("sha1").update(`commit ${n}`).digest("hex"), message: "Mend the label printer" },
      ],
    },
  }),
  (n) => ({
    provider: "stripe",
    event: "charge.succeeded",
    json: {
      id: `evt_demo${n}`,
      object: "event",
      type: "charge.succeeded",
      data: { object: { id: `ch_demo${n}`, amount: pick(AMOUNTS, n), currency: "eur", paid: true } },
    },
  }),
  (n) => ({
    provider: "tenfold",
    event: "payment.success",
    json: { event: "payment.success", order: 1_000 + n, amount: pick(AMOUNTS, n), customer: pick(PEOPLE, n) },
  }),
  (n) => ({
    provider: "standard",
    event: "contact.created",
    json: { type: "contact.created", data: { id: `contact-${n}`, email: `${pick(PEOPLE, n)}@example.com` } },
  }),
  (n) => ({
    provider: "github",
    event: "issues",
    json: {
      action: "opened",
      issue: { number: n + 1, title: "The badge printer prints blank badges" },
      repository: { full_name: pick(REPOSITORIES, n) },
    },
  }),
];

const REFUSED: readonly Refusal[] = ["signature", "too-old", "no-signature"];

/** The n-th event, the newest being 0, the same at every run: every ninth is refused. */
export function demoEvent(n: number) {
  const { provider, event, json } = pick(KINDS, n)(n);
  const bytes = Buffer.from(JSON.stringify(json));
  const refusal = n % 9 === 4 ? pick(REFUSED, Math.floor(n / 9)) : null;
  const signatureValid = refusal === null || refusal === "too-old";
  const { json: _, ...body } = keep(bytes);
  return {
    provider,
    eventId: `demo-${n}`,
    event: signatureValid ? event : null,
    signatureValid,
    refusal,
    secretTail: signatureValid ? "demo" : null,
    body,
    size: bytes.length,
    digest: createHash("sha256").update(bytes).digest("hex"),
    headers: { "content-type": "application/json", "user-agent": `${provider}-hooks/1.0` },
    ip: `203.0.113.${n % 250}`,
  };
}
