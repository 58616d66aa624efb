/** Sends events to the receiver as providers do. */
import { createHmac, randomUUID } from "node:crypto";
import "~/features.server";
import { action } from "~/features/webhooks/receive";
import { set } from "../../helpers/settings";

export const SECRET = "change-me";

export const hmac = (body: string | Buffer, secret = SECRET) =>
  createHmac("sha256", secret).update(body).digest("hex");

export const seconds = (offset = 0) => String(Math.floor(Date.now() / 1000) + offset);

/** The headers of the tutorial's sender, right where nothing else is given; undefined leaves one out. */
function plainHeaders(body: string | Buffer, headers: Record<string, string | undefined> = {}) {
  const all = {
    "Content-Type": "application/json",
    "X-Signature": hmac(body),
    "X-Timestamp": seconds(),
    "X-Event-Id": randomUUID(),
    ...headers,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Posts to the receiver; the answer as "200 ok". */
export async function deliver(
  provider: string,
  body: string | Buffer,
  headers: Record<string, string> | Headers,
): Promise<string> {
  const request = new Request(`http://tenfold.test/webhooks/${encodeURIComponent(provider)}`, {
    method: "POST",
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  const answer = await action({ request, params: { provider }, context: {} });
  return `${answer.status} ${await answer.text()}`;
}

/** Sends an event as the tutorial's script does. */
export const send = (
  body: string | Buffer = '{"event":"push"}',
  headers: Record<string, string | undefined> = {},
  provider = "github",
) => deliver(provider, body, plainHeaders(body, headers));

/** The setting that the tutorial's sender needs. */
export const withSecret = (...secrets: string[]) =>
  set({ WEBHOOK_SECRET: secrets.length > 0 ? secrets : [SECRET] });
