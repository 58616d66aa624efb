import { RelativeTime } from "~/components/relative-time";

interface Handled {
  name: string;
  state: "queued" | "running" | "done" | "failed" | "discarded";
  attempts: number;
  errors: { attempt: number; at: string; message: string }[];
  finishedAt: Date | null;
}

const WORDS = {
  queued: "Waiting",
  running: "Running",
  done: "Processed",
  failed: "Failed",
  discarded: "Discarded",
} as const;
const TONES = { queued: "warn", running: "warn", done: "good", failed: "bad", discarded: "bad" } as const;

/** What each handler has made of an event, and what went wrong. */
export function Handling({ handling }: { handling: Handled[] }) {
  return (
    <section className="card" aria-labelledby="handling">
      <header>
        <h2 id="handling">Processing</h2>
      </header>
      {handling.length === 0 && <p className="empty">No feature hears of this event.</p>}
      <ul className="rows">
        {handling.map(({ name, state, attempts, errors, finishedAt }) => (
          <li key={name}>
            <span>
              <b>{name}</b> <span className={`badge ${TONES[state]}`}>{WORDS[state]}</span>
              {attempts > 1 && <small> at attempt {attempts}</small>}
              {errors.map(({ attempt, at, message }) => (
                <small key={at} className="error">
                  Attempt {attempt}: {message}
                </small>
              ))}
            </span>
            {finishedAt && <RelativeTime at={finishedAt} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
