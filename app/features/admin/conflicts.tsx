import { useEffect, useRef } from "react";
import { RelativeTime } from "~/components/relative-time";
import type { Conflict } from "./outcome.server";

/** What somebody else has changed since the form was opened, field by field, yours and theirs. */
export function Conflicts({
  conflicts,
  who,
  when,
}: {
  conflicts: Conflict[];
  who: string;
  when: Date | string | null;
}) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section
      className="problem"
      role="alert"
      tabIndex={-1}
      ref={section}
      aria-labelledby="conflict"
      // biome-ignore lint/a11y/noAutofocus: it says what has just happened.
      autoFocus
    >
      <h2 id="conflict">Somebody else has changed this meanwhile. Nothing of yours is saved yet</h2>
      <p>
        {who || "Somebody"} {when && <RelativeTime at={new Date(when)} />}. Look at each field below, take
        what is right, and save again.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Theirs</th>
            <th scope="col">In the form now</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map(({ name, label, yours, theirs, both }) => (
            <tr key={name}>
              <th scope="row">
                <a href={`#${name}`}>{label}</a>
              </th>
              <td data-label="Yours">{yours || "—"}</td>
              <td data-label="Theirs">{theirs || "—"}</td>
              <td data-label="In the form now">{both ? "yours" : "theirs"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
