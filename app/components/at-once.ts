/** Forms that act at once, without leaving the page: what the server refuses is undone and said. */
import {
  type ClientActionFunctionArgs,
  isRouteErrorResponse,
  type ShouldRevalidateFunctionArgs,
  useFetchers,
  useLoaderData,
  useRevalidator,
} from "@remix-run/react";
import { type FormEvent, useEffect, useReducer, useRef, useState } from "react";
import { isCutOff } from "~/components/error-page";
import { announce } from "~/components/flash-messages";
import type { Problem } from "~/components/problem";

const REASONS: Record<number, string> = {
  404: "That is not here any more.",
  413: "That is too large.",
};
const IN_DOUBT = "Look whether this was saved before you send it again.";

/** The result of a form that was refused without words for its fields. */
export interface Refused {
  refused: "by the server" | "no connection" | "signed out";
}

/** Says a refusal, by the status of the answer; without one there was none, and nobody knows what was done. */
export function sayRefused(status?: number): Refused {
  let text = `The server cannot be reached. ${IN_DOUBT}`;
  if (status) text = `${REASONS[status] ?? "The server refused that."} Nothing was changed.`;
  if (status && status >= 500) text = `Something went wrong here. ${IN_DOUBT}`;
  announce({ kind: "error", text });
  return { refused: status ? "by the server" : "no connection" };
}

interface Act {
  path: string;
  /** `asked` is answered, and the page's data are being asked for again. */
  state: "sent" | "answered" | "asked";
  /** Null where there is none. */
  answer: Promise<Response | null>;
}

/**
 * Buttons whose effect shows before the server has answered. `onSubmit` of their form posts to where the button says;
 * `pending` are the paths whose effect the page's data does not hold yet. They leave it when the page is
 * level with the server again, whatever came of them.
 *
 * Not a fetcher: Remix asks for the manifest of every new `:id` first, and shows its error page where it
 * cannot.
 */
export function useAtOnce() {
  // No state of React's, which may render without the newest of it: what was asked for is not asked for again.
  const acts = useRef<Act[]>([]);
  const [, show] = useReducer((times: number) => times + 1, 0);
  const { revalidate, state } = useRevalidator();
  const data = useLoaderData();

  // The page that one goes on to may be asked for before what is under way is done. Once for all of it: another question
  // would break off the one before.
  useEffect(
    () => () => {
      const answers = acts.current.filter(isSent).map(({ answer }) => answer);
      void Promise.all(answers).then((all) => all.some(Boolean) && revalidate());
    },
    [revalidate],
  );

  async function act(path: string) {
    // A redirect is the success of POST/redirect/GET; where it leads, the page is already.
    const sent = fetch(path, { method: "POST", redirect: "manual" }).catch(() => null);
    const mine: Act = { path, state: "sent", answer: sent };
    acts.current.push(mine);
    show();
    const answer = await sent;
    if (answer?.type !== "opaqueredirect") sayRefused(answer?.status);
    if (answer) mine.state = "answered";
    else acts.current = acts.current.filter((other) => other !== mine);
    show();
  }

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement;
    const { pathname, search } = new URL(button.formAction);
    event.preventDefault();
    keepFocus(button);
    void act(pathname + search);
  }

  // On a busy machine React may pass over the render between "loading" and "idle": new data tell as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is their arrival that counts.
  useEffect(() => {
    if (state !== "idle" || !acts.current.some(isAsked)) return;
    acts.current = acts.current.filter((act) => !isAsked(act));
    show();
  }, [state, data]);

  // After that: what is asked for only now is not there yet. One question at a time, for another would break it off.
  // Where data are asked for while a fetcher submits, Remix drops the redirect that answers the fetcher, and what it
  // has stored stays out of the page. The redirect asks for the data itself; where there is none, this does afterwards.
  const submitting = useFetchers().some((fetcher) => fetcher.state === "submitting");
  useEffect(() => {
    const answered = acts.current.filter(isAnswered);
    if (submitting || state !== "idle" || answered.length === 0) return;
    for (const act of answered) act.state = "asked";
    revalidate();
  });

  // Who comes back may be shown the document as it once came, without what was done on it since.
  useEffect(() => {
    const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    if (arrival?.type === "back_forward") revalidate();
  }, [revalidate]);

  return { onSubmit, pending: acts.current.map(({ path }) => path) };
}

/** Where a row goes with the focus in it, the row that takes its place gets it, at the same control; else the page. */
function keepFocus(button: HTMLElement) {
  const row = button.closest("li, tr");
  const near = row?.nextElementSibling ?? row?.previousElementSibling;
  const place = row ? controlsOf(row).indexOf(button) : 0;
  requestAnimationFrame(() => {
    if (button.isConnected || document.activeElement !== document.body) return;
    const control = near && controlsOf(near)[place];
    (control ?? document.getElementById("main"))?.focus();
  });
}

const controlsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>("a, button")];

const isSent = ({ state }: Act) => state === "sent";
const isAnswered = ({ state }: Act) => state === "answered";
const isAsked = ({ state }: Act) => state === "asked";

/**
 * A `clientAction`: passes the answer on, and says a refusal where an error page or the login would take the place of
 * the form and of what was typed into it.
 */
export async function stayOnPage({ request, serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    // Who goes on before the answer has come is not told of it.
    if (request.signal.aborted) return null;
    if (error instanceof Response) return followed(error);
    return sayRefused(statusOf(error));
  }
}

/** The status of what a `serverAction` throws. A fault of the server comes as an error of its own. */
function statusOf(error: unknown) {
  if (isRouteErrorResponse(error)) return error.status;
  return isCutOff(error) ? undefined : 500;
}

/** Follows the redirect that answers a form, but not to the login. @throws Response the redirect. */
export function followed(redirect: Response): Refused {
  if (!redirect.headers.get("Location")?.startsWith("/accounts/login?")) throw redirect;
  const text = "You are signed out. Sign in in another tab, then send this again. Nothing was changed.";
  announce({ kind: "error", text });
  return { refused: "signed out" };
}

/** `shouldRevalidate`: without a connection or a session, another page would come in the place of this one. */
export const unlessCutOff = ({ actionResult }: ShouldRevalidateFunctionArgs) =>
  !["no connection", "signed out"].includes((actionResult as Refused | undefined)?.refused ?? "");

/** What answers a form that is sent by a fetcher: nothing of it for a redirect. */
export type Answer = { problem?: Problem } & Partial<Refused>;

/** A fetcher, as far as these look at it. */
interface Sending<Data> {
  state: "idle" | "submitting" | "loading";
  data: Data | undefined;
}

/**
 * The problem of a form that is sent by a fetcher: of what was sent last. `refused` is the problem of a submit without
 * JavaScript. Calls `settled` as `useSettled` does.
 */
export function useProblem(
  fetcher: Sending<Answer>,
  refused: Problem | undefined,
  settled: (answer: Answer | undefined) => void,
) {
  const [problem, setProblem] = useState(refused);
  useEffect(() => setProblem(refused), [refused]);
  useSettled(fetcher, (answer) => {
    setProblem(answer?.problem);
    settled(answer);
  });
  return [problem, setProblem] as const;
}

/**
 * Calls `settled` each time that what a fetcher sent has been answered: with its data, undefined for a redirect. Where
 * Remix drops the redirect because another came before it, the page's data are asked for here.
 */
export function useSettled<Data>({ state, data }: Sending<Data>, settled: (data: Data | undefined) => void) {
  const { revalidate } = useRevalidator();
  const before = useRef(state);
  const seen = useRef<Data>();
  useEffect(() => {
    const last = before.current;
    before.current = state;
    if (state !== "idle" || last === "idle") return;
    // A fetcher keeps the data of the answer before where this one had none.
    const isRedirect = data === seen.current;
    seen.current = data;
    if (isRedirect && last === "submitting") revalidate();
    settled(isRedirect ? undefined : data);
  });
}
