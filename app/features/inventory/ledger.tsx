import { Link } from "@remix-run/react";
import type { MoveRow } from "#models/stock-move.server";
import { RelativeTime } from "~/components/relative-time";

const WORDS = { receive: "Received", issue: "Issued", count: "Counted" };

interface LedgerProps {
  id: number;
  /** Where in the list one is. */
  here: string;
  moves: MoveRow[];
  hasMore: boolean;
  isNewest: boolean;
}

/** Every change of the quantity, the newest first. */
export function Ledger({ id, here, moves, hasMore, isNewest }: LedgerProps) {
  const to = (before?: number) => {
    const query = new URLSearchParams(here);
    if (before) query.set("before", String(before));
    return `/inventory/${id}${query.size > 0 ? `?${query}` : ""}`;
  };
  return (
    <section aria-labelledby="ledger" className="ledger">
      <h3 id="ledger">Ledger</h3>
      {moves.length === 0 && <p className="empty">Nothing has moved yet.</p>}
      <ul className="rows">
        {moves.map(({ id, delta, balance, reason, reference, by, createdAt }) => (
          <li key={id}>
            <span className={delta > 0 ? "badge good" : "badge"}>{signed(delta)}</span>
            <span>
              {WORDS[reason]}
              {reference && `, ${reference}`}
              <small>
                {`${balance.toLocaleString("en")} in stock`}
                {by && `, by ${by}`}
              </small>
            </span>
            <RelativeTime at={createdAt} />
          </li>
        ))}
      </ul>
      {(hasMore || !isNewest) && (
        <p className="more">
          {!isNewest && <Link to={to()}>Newest</Link>}
          {hasMore && <Link to={to(moves.at(-1)?.id)}>Earlier</Link>}
        </p>
      )}
    </section>
  );
}

/** With the minus sign that is as wide as the plus. */
const signed = (delta: number) =>
  `${delta > 0 ? "+" : delta < 0 ? "−" : "±"}${Math.abs(delta).toLocaleString("en")}`;
