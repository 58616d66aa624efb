import { Link } from "@remix-run/react";
import { RelativeTime } from "~/components/relative-time";
import type { DeedView } from "./deed-view.server";

/** What was done, newest first, in a line each. */
export function Deeds({ deeds }: { deeds: (Omit<DeedView, "at"> & { at: Date | string })[] }) {
  return (
    <ul className="rows">
      {deeds.map(({ id, at, who, did, how, label, model, to }) => (
        <li key={id}>
          <span>
            {who} {did} the {model} {to ? <Link to={to}>{label}</Link> : label} {how}
          </span>
          <RelativeTime at={new Date(at)} />
        </li>
      ))}
    </ul>
  );
}
