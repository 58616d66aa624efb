import { counted } from "~/components/counted";
import { RelativeTime } from "~/components/relative-time";
import { useLive } from "~/components/use-live";
import type { Progress } from "~/services/jobs.server";

const STATES = {
  queued: "Queued",
  running: "Running",
  done: "Done",
  failed: "Failed",
  discarded: "Discarded",
};

/** How far the notification of others has come: what is behind it, where it is, and what is left. */
export function NotificationProgress({ path, progress }: { path: string; progress: Progress }) {
  const { state, attempts, error, createdAt, startedAt, finishedAt } = progress;
  useLive(state === "queued" || state === "running" ? path : null, { state, attempts });
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
          <li key={name} aria-current={name === state ? "step" : undefined}>
            <b>{STATES[name]}</b> {at && <RelativeTime at={at} />}
          </li>
        ))}
      </ol>
      {(attempts > 1 || error) && (
        <p className="pad">
          {counted(attempts, "attempt")}
          {error && <>, the last that failed: {error}</>}
        </p>
      )}
    </section>
  );
}
