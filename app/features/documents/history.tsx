import type { Deed } from "#models/activity.server";
import { RelativeTime } from "~/components/relative-time";

const WORDS: Record<Deed, string> = {
  add: "Added",
  change: "Changed",
  delete: "Moved to the trash",
  restore: "Restored",
  erase: "Deleted for good",
  open: "Opened",
  download: "Downloaded",
};

interface HistoryProps {
  deeds: { id: number; deed: Deed; by: string; at: Date }[];
  /** There are no earlier ones. */
  isWhole: boolean;
}

/** Who has done what with a document, the newest first. Nobody can change it. */
export function History({ deeds, isWhole }: HistoryProps) {
  return (
    <section className="card" aria-labelledby="history">
      <header>
        <h2 id="history">Who has seen and changed it</h2>
      </header>
      <ul className="rows">
        {deeds.map(({ id, deed, by, at }) => (
          <li key={id}>
            <span>
              {WORDS[deed]}
              {by && ` by ${by}`}
            </span>
            <RelativeTime at={at} />
          </li>
        ))}
      </ul>
      {!isWhole && <p className="pad">Earlier ones are kept, and not shown here.</p>}
    </section>
  );
}
