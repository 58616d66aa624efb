import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { RelativeTime } from "~/components/relative-time";
import type { Progress } from "~/services/jobs.server";

const STATES = {
  queued: "Queued",
  running: "Running",
  done: "Done",
  failed: "Failed",
  discarded: "Discarded",
};

/** Asks for the page anew whenever the server tells that the job has come further. */
function useLive(path: string, { state, attempts }: Progress) {
  const { revalidate } = useRevalidator();
  // Loading anew would break off what a form leads to, and its message with it.
  const isGoing = useNavigation().state !== "idle";
  const listens = (state === "queued" || state === "running") && !isGoing;
  useEffect(() => {
    if (!listens) return;
    const source = new EventSource(path);
    source.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.state !== state || told.attempts !== attempts) revalidate();
    };
    return () => source.close();
  }, [path, state, attempts, listens, revalidate]);
}

/** How far the notification of others has come: what is behind it, where it is, and what is left. */
export function NotificationProgress({ path, progress }: { path: string; progress: Progress }) {
  useLive(path, progress);
  const { state, attempts, error, createdAt, startedAt, finishedAt } = progress;
  const last = state === "failed" || state === "discarded" ? state : "done";
  const steps = [
    { name: "queued", at: createdAt },
    { name: "running", at: state === "queued" ? null : startedAt },
    { name: last, at: finishedAt },
  ] as const;
  return (
    <section className="card" aria-labelledby="notification">
      <header>
        <h2 id="notification">Notification</h2>
      </header>
      <ol className="steps" aria-live="polite">
        {steps.map(({ name, at }) => (
          <li
            key={name}
            aria-current={name === state ? "step" : undefined}
            className={at ? "past" : undefined}
          >
            <b>{STATES[name]}</b> {at && <RelativeTime at={at} />}
          </li>
        ))}
      </ol>
      {(attempts > 1 || error) && (
        <p className="pad">
          {attempts === 1 ? "1 attempt" : `${attempts} attempts`}
          {error && <>, the last that failed: {error}</>}
        </p>
      )}
    </section>
  );
}
