import { Link } from "@remix-run/react";
import type { Problem } from "#models/vault-check.server";
import { counted } from "~/components/counted";
import { RelativeTime } from "~/components/relative-time";
import { sizeOf } from "./view";

interface Check {
  finishedAt: Date;
  documents: number;
  bytes: number;
  problems: Problem[];
  orphans: string[];
}

/** Lines of a list that are shown. */
const SHOWN = 200;

/** What a check has found, file by file. */
export function Found({ check }: { check: Check }) {
  const { finishedAt, documents: count, bytes, problems, orphans } = check;
  return (
    <>
      <p>
        {`${counted(count, "document")}, ${sizeOf(bytes)}: `}
        <b>{problems.length === 0 ? "every file is whole" : `${problems.length} missing or damaged`}</b>{" "}
        <RelativeTime at={finishedAt} />
      </p>
      {problems.length > 0 && (
        <ul className="found">
          {problems.slice(0, SHOWN).map(({ id, title, key, problem }) => (
            <li key={key}>
              <span className="badge bad">{problem}</span> <Link to={`/documents/${id}`}>{title}</Link>{" "}
              <small className="mono">{key}</small>
            </li>
          ))}
        </ul>
      )}
      {orphans.length > 0 && (
        <details>
          <summary>{`${counted(orphans.length, "file belongs", "files belong")} to no document`}</summary>
          <p>
            They are of uploads under way, or of some that were cut off. <code>manage files sweep</code>{" "}
            deletes them once they are a day old.
          </p>
          <ul className="found">
            {orphans.slice(0, SHOWN).map((key) => (
              <li key={key} className="mono">
                {key}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
