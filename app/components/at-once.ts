/** Buttons that act at once, without leaving the page: what the server refuses is undone and said. */
import { type ClientActionFunctionArgs, isRouteErrorResponse, type ShouldRevalidateFunctionArgs } from "@remix-run/react";
import { announce } from "~/components/flash-messages";

/** The action's result where no answer came. */
interface Offline {
  offline: true;
}

const isOffline = (result: unknown): result is Offline =>
  typeof result === "object" && result !== null && "offline" in result;

/** A `clientAction`: passes the server's answer on, and says a refusal where the error page would take over. */
export async function actAtOnce({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    if (error instanceof Response) throw error;
    announce({ kind: "error", text: refusal(error) });
    return isRouteErrorResponse(error) ? null : ({ offline: true } satisfies Offline);
  }
}

/** `shouldRevalidate`: without a connection, asking for the page again would replace it with an error. */
export const unlessOffline = ({ actionResult }: ShouldRevalidateFunctionArgs) => !isOffline(actionResult);

function refusal(error: unknown) {
  if (!isRouteErrorResponse(error)) return "The server cannot be reached. Nothing was changed.";
  if (error.status === 404) return "That is not here any more. Nothing was changed.";
  return "The server refused that. Nothing was changed.";
}
