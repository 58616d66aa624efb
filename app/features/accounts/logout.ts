import type { ActionFunctionArgs } from "@remix-run/node";
import { redirectWithFlash } from "~/services/flash.server";
import type { Handle } from "~/services/gate.server";
import { endSession } from "~/services/session.server";

export const handle: Handle = { public: true };

export async function action({ request }: ActionFunctionArgs) {
  const headers = { "Set-Cookie": await endSession(request) };
  const flash = { kind: "success", text: "You are signed out." } as const;
  return redirectWithFlash(request, "/accounts/login", flash, headers);
}
