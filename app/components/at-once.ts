/** Forms that act at once, without leaving the page: what the server refuses is undone and said. */
import {
  type ClientActionFunctionArgs,
  isRouteErrorResponse,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useRevalidator,
} from "@remix-run/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { announce } from "~/components/flash-messages";

/** What a refusal says, by the status of the answer; without one there was none. */
export function sayRefused(status?: number) {
  const reasons: Record<number, string> = {
    404: "That is not here any more.",
    413: "That is too large.",
  };
  const reason = status ? (reasons[status] ?? "The server refused that.") : "The server cannot be reached.";
  announce({ kind: "error", text: `${reason} Nothing was changed.` });
}

interface Act {
  path: string;
  answered: boolean;
}

/**
 * Buttons whose effect shows before the server has answered. `act` posts to a path as the button's form would;
 * `pending` are the paths whose effect the page's data does not hold yet. They leave it when the page is
 * level with the server again, whatever came of them.
 *
 * Not a fetcher: Remix asks for the manifest of every new `:id` first, and shows its error page where it
 * cannot.
 */
export function useAtOnce() {
  const [acts, setActs] = useState<Act[]>([]);
  const { revalidate, state } = useRevalidator();
  const data = useLoaderData();

  const act = useCallback(
    async (path: string) => {
      const mine: Act = { path, answered: false };
      setActs((all) => [...all, mine]);
      // A redirect is the success of POST/redirect/GET; where it leads, the page is already.
      const answer = await fetch(path, { method: "POST", redirect: "manual" }).catch(() => null);
      if (answer?.type !== "opaqueredirect") sayRefused(answer?.status);
      if (!answer) return setActs((all) => all.filter((other) => other !== mine));
      mine.answered = true;
      revalidate();
    },
    [revalidate],
  );

  // On a busy machine React may pass over the render between "loading" and "idle": new data tell as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is their arrival that counts.
  useEffect(() => {
    if (state === "idle")
      setActs((all) => (all.some(isAnswered) ? all.filter((act) => !isAnswered(act)) : all));
  }, [state, data]);

  return { act, pending: acts.map(({ path }) => path) };
}

const isAnswered = (act: Act) => act.answered;

/** The result of a form that was refused without words for its fields. */
export interface Refused {
  refused: "by the server" | "no connection" | "signed out";
}

/** A `clientAction`: passes the answer on, and says a refusal where the error page would take over. */
export async function stayOnPage({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    if (error instanceof Response) throw error;
    const answered = isRouteErrorResponse(error);
    sayRefused(answered ? error.status : undefined);
    return { refused: answered ? "by the server" : "no connection" } satisfies Refused;
  }
}

/** `shouldRevalidate`: without a connection or a session, asking for the page again would put another in its place. */
export const unlessOffline = ({ actionResult }: ShouldRevalidateFunctionArgs) => {
  const refused = (actionResult as Refused | undefined)?.refused;
  return refused !== "no connection" && refused !== "signed out";
};

/** Calls `settled` each time that what a fetcher sent has been answered: with its data, undefined for a redirect. */
export function useSettled<Data>(
  { state, data }: { state: "idle" | "submitting" | "loading"; data: Data | undefined },
  settled: (data: Data | undefined) => void,
) {
  const busy = useRef(false);
  const seen = useRef<Data>();
  useEffect(() => {
    if (state !== "idle") {
      busy.current = true;
    } else if (busy.current) {
      busy.current = false;
      // A fetcher keeps the data of the answer before where this one had none.
      settled(data === seen.current ? undefined : data);
      seen.current = data;
    }
  });
}
