/** A test event, signed now: for the form, and for a command that works as it is printed. */
import { randomBytes } from "node:crypto";
import { config } from "~/services/config.server";
import { absolute } from "~/services/http.server";
import { signedHeaders } from "./schemes.server";

export const TRIED = { provider: "tenfold", body: '{"event":"ping","message":"It works."}' };

/** The secret that test events are signed with; undefined where none is set. */
export const testSecret = () => config().WEBHOOK_SECRET?.[0];

export const newEventId = () => `test-${randomBytes(6).toString("hex")}`;

/** The command line that sends a test event, for a POSIX shell. */
export function curl(request: Request, secret: string): string {
  const { provider, body } = TRIED;
  const headers = Object.entries(signedHeaders(secret, Buffer.from(body), newEventId()));
  return [
    `curl -i ${quote(absolute(request, `/webhooks/${provider}/`))}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `--data-raw ${quote(body)}`,
  ].join(" \\\n  ");
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
