import type { ActionFunctionArgs } from "@remix-run/node";
import { isProvider } from "#models/webhook-secret.server";
import { contextOf } from "~/services/context.server";
import type { Handle } from "~/services/gate.server";
import { Overloaded } from "~/services/group-commit.server";
import { log } from "~/services/log.server";
import { receive } from "./receive.server";

/** Other systems send events here: no login and no check of the origin. Who sends shows by the signature. */
export const handle: Handle = { machine: true };

export async function action({ request, params }: ActionFunctionArgs) {
  const provider = (params.provider ?? "").toLowerCase();
  if (!isProvider(provider)) return text("unknown provider", 404);
  const body = Buffer.from(await request.arrayBuffer());
  const { ip } = contextOf(request);
  try {
    const answer = await receive({ provider, headers: request.headers, body, ip });
    return text(answer.text, answer.status);
  } catch (error) {
    // Not stored, so the sender is to try again.
    if (!(error instanceof Overloaded)) log().error({ err: error }, "webhook: it could not be stored");
    return text("try again later", 503, { "Retry-After": "5" });
  }
}

const text = (body: string, status: number, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } });
