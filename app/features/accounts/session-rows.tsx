import type { ButtonHTMLAttributes } from "react";
import { RelativeTime } from "~/components/relative-time";

interface SessionRow {
  id: number;
  device: string;
  ip: string;
  seenAt: Date;
  isThis: boolean;
}

/** Sessions, each with a button that ends it, but for the one that asks. */
export function SessionRows({
  sessions,
  end,
  label,
}: {
  sessions: SessionRow[];
  end(id: number): ButtonHTMLAttributes<HTMLButtonElement>;
  label: string;
}) {
  return (
    <ul className="rows">
      {sessions.map(({ id, device, ip, seenAt, isThis }) => (
        <li key={id}>
          <span id={`session-${id}`}>
            {device} {ip && <small>{ip}</small>} {isThis && <span className="badge">This one</span>}
          </span>
          <RelativeTime at={seenAt} />
          {!isThis && (
            <button type="submit" {...end(id)} aria-describedby={`session-${id}`}>
              {label}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
